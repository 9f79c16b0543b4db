-- Copies whose own files were not counted, or hold several weights in one element: they hold what the original holds.
-- An original that was not counted holds what its full-precision copy does.
-- A GGUF or ONNX copy of a delta holds the backbone too.
SELECT
    u.repo_id,
    s.counted_at_id,
    CASE
        WHEN a.delta AND holds_all.repo_id IS NOT NULL THEN s.runtime_parameters
        ELSE s.logical_parameters
    END AS logical_parameters,
    CASE
        WHEN a.delta AND holds_all.repo_id IS NOT NULL THEN s.runtime_uncertainty
        ELSE s.logical_uncertainty
    END AS uncertainty,
    s.source,
    coalesce(a.delta, false) AND holds_all.repo_id IS NULL AS lacks_parts
FROM unique_final u
JOIN kind_final k ON k.repo_id = u.repo_id
JOIN sum_of_unique s ON s.unique_model_id = u.unique_model_id
LEFT JOIN own_sum own ON own.repo_id = u.repo_id
LEFT JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
LEFT JOIN architecture a ON a.model_type = t.model_type
LEFT JOIN (
    SELECT DISTINCT repo_id FROM record_value WHERE column_name = 'weight_formats' AND value IN ('gguf', 'onnx')
) holds_all ON holds_all.repo_id = u.repo_id
WHERE (own.repo_id IS NULL OR own.source = 'gguf_hub') AND s.counted_at_id <> u.repo_id
    AND (k.kind IN ('quantized', 'conversion', 'mirror') OR u.unique_model_id = u.repo_id)
