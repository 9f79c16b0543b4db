-- as a view
-- The default: nothing says that the weights come from elsewhere.
SELECT
    s.repo_id, 'kind' AS column_name, 'original' AS value, '' AS target,
    'nothing says that the weights come from elsewhere' AS rule,
    CASE WHEN coalesce(pc.parts, 0) > 0 OR a.model_type IS NOT NULL THEN 'architecture' ELSE 'name' END AS evidence,
    CASE
        WHEN a.owner IS NOT NULL AND lower(a.owner) = lower(s.owner) THEN 'high'
        WHEN coalesce(pc.parts, 0) > 0 OR a.model_type IS NOT NULL THEN 'medium'
        ELSE 'low'
    END AS confidence,
    90 AS rank
FROM subject s
LEFT JOIN parent_count pc ON pc.repo_id = s.repo_id
LEFT JOIN architecture a ON a.model_type = s.model_type
WHERE s.in_evidence
