-- What can be loaded from files: one row per label and set, all shards together, with the smallest projector beside a
-- language model in GGUF, and what must be loaded from elsewhere at 16 bits. A file without a label has its precision for
-- one: the widest float, or the width that its method packs to.
SELECT
    w.repo_id, w.variant, w.path_group, w.paths, w.format,
    w.bytes + coalesce(p.bytes, 0) + CAST(coalesce(x.bytes, CAST(0 AS DOUBLE)) AS BIGINT) AS weights_bytes
FROM (
    SELECT
        f.repo_id,
        coalesce(f.variant, CASE
            WHEN coalesce(r.quantization, 'none') <> 'none' AND r.bits_per_weight < 6 THEN 'int4'
            WHEN coalesce(r.quantization, 'none') <> 'none' THEN 'int8'
            WHEN r.float_bits = 32 THEN 'fp32'
            ELSE 'bf16'
        END) AS variant,
        coalesce(f.path_group, '*') AS path_group,
        array_sort(array_distinct(array_agg(f.path))) AS paths,
        min(f.format) AS format,
        CAST(sum(f.size_bytes) AS BIGINT) AS bytes
    FROM weight_file f
    JOIN record r ON r.repo_id = f.repo_id
    WHERE f.role IN ('weights', 'adapter')
    GROUP BY f.repo_id, f.variant, f.path_group, r.quantization, r.bits_per_weight, r.float_bits
) w
LEFT JOIN (
    SELECT repo_id, min(size_bytes) AS bytes FROM weight_file WHERE role = 'projector' GROUP BY repo_id
) p ON p.repo_id = w.repo_id
LEFT JOIN (SELECT repo_id, sum(logical_parameters) * 2 AS bytes FROM part GROUP BY repo_id) x ON x.repo_id = w.repo_id
WHERE w.bytes > 0
