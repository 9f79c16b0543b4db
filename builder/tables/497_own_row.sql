-- The counts that say what a repository itself holds: its headers if they were read, else the strongest other source,
-- else the Hub's count of its largest GGUF file.
SELECT c.repo_id, c.component, c.source_path, c.dtype, c.source
FROM parameter_count c
JOIN weight_file w ON w.repo_id = c.repo_id AND w.path = c.source_path
JOIN header_group g ON g.repo_id = c.repo_id AND g.role = w.role AND g.path_group = w.path_group
    AND g.variant = coalesce(w.variant, '*')
WHERE c.source IN ('safetensors_header', 'gguf_header', 'torch_pickle')
UNION ALL
SELECT c.repo_id, c.component, c.source_path, c.dtype, c.source
FROM parameter_count c
JOIN source_order o ON o.source = c.source
JOIN (
    SELECT p.repo_id, max(q.place) AS place
    FROM parameter_count p
    JOIN source_order q ON q.source = p.source
    WHERE p.source NOT IN ('safetensors_header', 'gguf_header', 'torch_pickle', 'gguf_hub')
    GROUP BY p.repo_id
) best ON best.repo_id = c.repo_id AND best.place = o.place
LEFT JOIN (SELECT DISTINCT repo_id FROM header_group) h ON h.repo_id = c.repo_id
WHERE h.repo_id IS NULL
UNION ALL
SELECT repo_id, component, source_path, dtype, source
FROM (
    SELECT
        c.repo_id, c.component, c.source_path, c.dtype, c.source,
        row_number() OVER (
            PARTITION BY c.repo_id ORDER BY c.logical_parameters DESC NULLS LAST, c.source_path, c.dtype
        ) AS place
    FROM parameter_count c
    LEFT JOIN (SELECT DISTINCT repo_id FROM parameter_count WHERE source <> 'gguf_hub') other ON other.repo_id = c.repo_id
    WHERE c.source = 'gguf_hub' AND other.repo_id IS NULL
) ranked
WHERE place = 1
