-- The table `variants`. Where no file sizes are known, a repository in floats can be loaded at 16 bits or quantised on
-- loading; one that is quantised, at its own bits.
SELECT
    build.snapshot_date, repo_id, variant, '*' AS path_group, 'estimate' AS basis, NULL AS paths,
    weights_bytes,
    kv_cache_bytes_3min, kv_cache_bytes_30min, kv_cache_bytes_60min,
    overhead_bytes,
    weights_bytes + overhead_bytes + coalesce(kv_cache_bytes_3min, 0) AS min_memory_bytes,
    kv_cache_bytes_3min IS NOT NULL AS memory_complete
FROM (
    SELECT
        repo_id, variant, kv_cache_bytes_3min, kv_cache_bytes_30min, kv_cache_bytes_60min,
        CAST(ceil(runtime_parameters * bits / 8) AS BIGINT) AS weights_bytes,
        CAST(greatest(ceil(runtime_parameters * bits / 80), 536870912) AS BIGINT) AS overhead_bytes
    FROM (
        SELECT
            m.repo_id, p.variant, CAST(m.runtime_parameters AS DOUBLE) AS runtime_parameters, p.bits,
            k.bytes_3min AS kv_cache_bytes_3min, k.bytes_30min AS kv_cache_bytes_30min,
            k.bytes_60min AS kv_cache_bytes_60min
        FROM models m
        LEFT JOIN cache k ON k.unique_model_id = m.unique_model_id
        JOIN (
            SELECT 'bf16' AS variant, CAST(16 AS DOUBLE) AS bits
            UNION ALL SELECT 'int8', 8.5
            UNION ALL SELECT 'int4', 4.5
        ) p ON CASE
            WHEN coalesce(m.quantization, 'none') = 'none' THEN true
            WHEN m.bits_per_weight >= 8 AND m.bits_per_weight < 9 THEN p.variant = 'int8'
            WHEN m.bits_per_weight >= 4 AND m.bits_per_weight < 5 THEN p.variant = 'int4'
            ELSE false
        END
        WHERE m.runtime_parameters IS NOT NULL AND NOT coalesce(array_contains(m.weight_formats, 'onnx'), false)
    ) sized
) needed
CROSS JOIN build
