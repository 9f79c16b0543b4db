-- What can be loaded where no file is that small, or none is known: a repository in floats at 16 bits or quantised on
-- loading, one that is quantised at its own bits.
SELECT e.repo_id, e.variant, CAST(ceil(e.runtime_parameters * e.bits / 8) AS BIGINT) AS weights_bytes
FROM (
    SELECT m.repo_id, p.variant, p.bits, CAST(m.runtime_parameters AS DOUBLE) AS runtime_parameters
    FROM models m
    JOIN (
        SELECT 'bf16' AS variant, CAST(16 AS DOUBLE) AS bits
        UNION ALL SELECT 'int8', CAST(8.5 AS DOUBLE)
        UNION ALL SELECT 'int4', CAST(4.5 AS DOUBLE)
    ) p ON CASE
        WHEN coalesce(m.quantization, 'none') = 'none' THEN true
        WHEN m.bits_per_weight >= 8 AND m.bits_per_weight < 9 THEN p.variant = 'int8'
        WHEN m.bits_per_weight >= 4 AND m.bits_per_weight < 5 THEN p.variant = 'int4'
        ELSE false
    END
    WHERE m.runtime_parameters IS NOT NULL AND NOT coalesce(array_contains(m.weight_formats, 'onnx'), false)
) e
LEFT JOIN (SELECT DISTINCT repo_id, variant FROM file_variant) f ON f.repo_id = e.repo_id AND f.variant = e.variant
LEFT JOIN (SELECT DISTINCT repo_id FROM weight_file WHERE role = 'weights' AND format = 'gguf') g ON g.repo_id = e.repo_id
WHERE f.repo_id IS NULL AND g.repo_id IS NULL
