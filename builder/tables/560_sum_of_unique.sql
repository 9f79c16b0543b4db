-- The sums of each distinct model: of the original if it was counted, otherwise of a copy that changes no weight.
SELECT unique_model_id, counted_at_id, logical_parameters, logical_uncertainty, runtime_parameters, runtime_uncertainty, source
FROM (
    SELECT
        u.unique_model_id, s.repo_id AS counted_at_id, s.logical_parameters, s.logical_uncertainty,
        s.runtime_parameters, s.runtime_uncertainty, s.source,
        row_number() OVER (
            PARTITION BY u.unique_model_id
            ORDER BY CASE WHEN s.repo_id = u.unique_model_id THEN 0 ELSE 1 END, s.logical_uncertainty,
                CASE WHEN s.source = 'gguf_hub' THEN 1 ELSE 0 END, s.repo_id
        ) AS place
    FROM unique_final u
    JOIN kind_final k ON k.repo_id = u.repo_id
    JOIN own_sum s ON s.repo_id = u.repo_id
    JOIN subject j ON j.repo_id = u.repo_id
    WHERE s.repo_id = u.unique_model_id OR (k.kind IN ('conversion', 'mirror') AND NOT j.quantized)
) ranked
WHERE place = 1
