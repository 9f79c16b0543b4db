-- The variant of each distinct model that needs the least memory.
SELECT unique_model_id, family_id, min_memory_bytes, repo_id, variant
FROM (
    SELECT
        m.unique_model_id, m.family_id, v.min_memory_bytes, v.repo_id, v.variant,
        row_number() OVER (
            PARTITION BY m.unique_model_id
            ORDER BY v.min_memory_bytes, CASE WHEN v.repo_id = m.unique_model_id THEN 0 ELSE 1 END, v.repo_id, v.variant,
                v.path_group
        ) AS place
    FROM variants v
    JOIN models m ON m.repo_id = v.repo_id
    WHERE m.unique_model_id IS NOT NULL
) ranked
WHERE place = 1
