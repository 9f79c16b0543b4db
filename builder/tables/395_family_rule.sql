-- as a view
-- What the rules say of `family_id`.
SELECT
    u.repo_id,
    'family_id' AS column_name,
    f.family_id AS value,
    f.root AS target,
    CASE
        WHEN f.root = u.repo_id AND p.line = s.line THEN 'release line in its name'
        WHEN f.root = u.repo_id THEN 'release line of the design that it shares'
        ELSE 'release line of what it comes from'
    END AS rule,
    CASE WHEN f.root = u.repo_id AND p.line <> s.line THEN 'architecture' ELSE 'name' END AS evidence,
    CASE
        WHEN a.owner IS NOT NULL AND s.repo_id IS NOT NULL AND lower(a.owner) = lower(s.owner) THEN 'high'
        WHEN f.root <> u.repo_id OR a.model_type IS NOT NULL THEN 'medium'
        ELSE 'low'
    END AS confidence,
    20 AS rank
FROM unique_final u
JOIN family_of_unique f ON f.unique_model_id = u.unique_model_id
JOIN placed p ON p.unique_model_id = u.unique_model_id
LEFT JOIN subject s ON s.repo_id = f.root
LEFT JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
LEFT JOIN architecture a ON a.model_type = t.model_type
