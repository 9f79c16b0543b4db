-- Whether something that must be loaded is gated: true if anything is, unknown if anything else is not known.
SELECT
    unique_model_id,
    CASE WHEN max(CASE WHEN gated = 'false' THEN 0 WHEN gated IS NULL THEN 0 ELSE 1 END) = 1 THEN true
        WHEN sum(CASE WHEN gated IS NULL THEN 1 ELSE 0 END) > 0 THEN NULL
        ELSE false END AS required_gated
FROM (
    SELECT p.unique_model_id, CASE WHEN p.repo_id = p.unique_model_id THEN m.gated END AS gated
    FROM representative p
    JOIN models m ON m.repo_id = p.repo_id
    UNION ALL
    SELECT p.unique_model_id, b.gated
    FROM representative p
    JOIN external x ON x.repo_id = p.repo_id
    LEFT JOIN backbone b ON b.repo_id = x.part
) needed
GROUP BY unique_model_id
