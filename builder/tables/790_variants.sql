-- The table `variants`: files where they exist, estimates beside them.
SELECT
    build.snapshot_date, v.repo_id, v.variant, v.path_group, v.basis, f.paths, v.weights_bytes,
    k.bytes_3min AS kv_cache_bytes_3min, k.bytes_30min AS kv_cache_bytes_30min, k.bytes_60min AS kv_cache_bytes_60min,
    v.overhead_bytes,
    v.weights_bytes + v.overhead_bytes + coalesce(k.bytes_3min, 0) AS min_memory_bytes,
    k.bytes_3min IS NOT NULL AS memory_complete,
    rw.elements AS runtimes,
    rx.elements AS runtimes_experimental
FROM (
    SELECT
        repo_id, variant, path_group, basis, weights_bytes,
        CAST(greatest(ceil(weights_bytes / 10), 536870912) AS BIGINT) AS overhead_bytes
    FROM (
        SELECT repo_id, variant, path_group, 'files' AS basis, weights_bytes FROM file_variant
        UNION ALL
        SELECT repo_id, variant, '*', 'estimate', weights_bytes FROM estimated_variant
    ) loadable
) v
JOIN models m ON m.repo_id = v.repo_id
CROSS JOIN build
LEFT JOIN file_variant f ON f.repo_id = v.repo_id AND f.variant = v.variant AND f.path_group = v.path_group
    AND v.basis = 'files'
LEFT JOIN cache k ON k.unique_model_id = m.unique_model_id
LEFT JOIN variant_runtime rw ON rw.repo_id = v.repo_id AND rw.variant = v.variant AND rw.path_group = v.path_group
    AND rw.status = 'works'
LEFT JOIN variant_runtime rx ON rx.repo_id = v.repo_id AND rx.variant = v.variant AND rx.path_group = v.path_group
    AND rx.status = 'experimental'
