-- The architecture of each distinct model: its own configuration, or that of a copy, or a weaker sign. The least of
-- (strength of evidence, own or a copy's, name) is taken in one pass.
SELECT
    unique_model_id,
    substr(best, 3) AS model_type,
    CASE substr(best, 1, 1) WHEN '0' THEN 'config' WHEN '1' THEN 'hub' WHEN '2' THEN 'curated' ELSE 'name' END
        AS type_evidence
FROM (
    SELECT
        u.unique_model_id,
        min(concat(
            CASE s.type_evidence WHEN 'config' THEN '0' WHEN 'hub' THEN '1' WHEN 'curated' THEN '2' ELSE '3' END,
            CASE WHEN s.repo_id = u.unique_model_id THEN '0' ELSE '1' END,
            s.model_type
        )) AS best
    FROM (
        SELECT repo_id, unique_model_id FROM unique_final
        UNION ALL
        SELECT unique_model_id, unique_model_id FROM unique_final WHERE repo_id <> unique_model_id
    ) u
    JOIN subject s ON s.repo_id = u.repo_id
    WHERE s.model_type IS NOT NULL
    GROUP BY u.unique_model_id
) ranked
