-- The architecture of each distinct model: its own configuration, or that of a copy, or a weaker sign.
SELECT unique_model_id, model_type, type_evidence
FROM (
    SELECT
        u.unique_model_id, s.model_type, s.type_evidence,
        row_number() OVER (
            PARTITION BY u.unique_model_id
            ORDER BY CASE s.type_evidence WHEN 'config' THEN 0 WHEN 'hub' THEN 1 WHEN 'curated' THEN 2 ELSE 3 END,
                CASE WHEN s.repo_id = u.unique_model_id THEN 0 ELSE 1 END, s.model_type
        ) AS place
    FROM (
        SELECT repo_id, unique_model_id FROM unique_final
        UNION
        SELECT unique_model_id, unique_model_id FROM unique_final
    ) u
    JOIN subject s ON s.repo_id = u.repo_id
    WHERE s.model_type IS NOT NULL
) ranked
WHERE place = 1
