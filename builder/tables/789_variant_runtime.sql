-- Programs that take the design and read the format of a variant: that of its files, else every format of the
-- repository. Weights in MLX layout are Safetensors files that only MLX reads.
SELECT v.repo_id, v.variant, v.path_group, r.status, array_sort(array_distinct(array_agg(r.runtime))) AS elements
FROM (
    SELECT
        f.repo_id, f.variant, f.path_group,
        CASE WHEN f.format = 'safetensors' AND x.repo_id IS NOT NULL THEN 'mlx' ELSE f.format END AS weight_format
    FROM file_variant f
    LEFT JOIN record_value x ON x.repo_id = f.repo_id AND x.column_name = 'weight_formats' AND x.value = 'mlx'
    UNION ALL
    SELECT e.repo_id, e.variant, '*', v.value
    FROM estimated_variant e
    JOIN record_value v ON v.repo_id = e.repo_id AND v.column_name = 'weight_formats'
    LEFT JOIN record_value x ON x.repo_id = e.repo_id AND x.column_name = 'weight_formats' AND x.value = 'mlx'
    WHERE v.value <> 'safetensors' OR x.repo_id IS NULL
) v
JOIN models m ON m.repo_id = v.repo_id
JOIN type_of_unique t ON t.unique_model_id = m.unique_model_id
JOIN runtime_support r ON r.model_type = t.model_type
JOIN runtime_format k ON k.runtime = r.runtime AND k.weight_format = v.weight_format
GROUP BY v.repo_id, v.variant, v.path_group, r.status
