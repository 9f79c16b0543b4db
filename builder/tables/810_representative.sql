-- The repository that speaks for each distinct model: the original where it is listed, else the most used copy.
SELECT unique_model_id, repo_id
FROM (
    SELECT
        unique_model_id, repo_id,
        row_number() OVER (
            PARTITION BY unique_model_id
            ORDER BY CASE WHEN repo_id = unique_model_id THEN 0 ELSE 1 END,
                CASE WHEN runtime_parameters IS NULL THEN 1 ELSE 0 END,
                CASE WHEN kind = 'quantized' THEN 1 ELSE 0 END, coalesce(downloads, 0) DESC, repo_id
        ) AS place
    FROM models
    WHERE unique_model_id IS NOT NULL
) ranked
WHERE place = 1
