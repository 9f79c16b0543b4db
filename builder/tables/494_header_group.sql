-- Header counts by what is loaded together: one label of one set of files. The fullest set of a repository counts, since
-- the others hold the same weights again; a projector file beside it counts once.
SELECT repo_id, role, path_group, variant
FROM (
    SELECT
        repo_id, role, path_group, variant,
        row_number() OVER (
            PARTITION BY repo_id, CASE WHEN role = 'projector' THEN 1 ELSE 0 END
            ORDER BY logical_parameters DESC NULLS LAST, stored_elements DESC NULLS LAST, path_group, variant
        ) AS place
    FROM (
        SELECT
            c.repo_id, w.role, w.path_group, coalesce(w.variant, '*') AS variant,
            sum(CAST(c.logical_parameters AS DOUBLE)) AS logical_parameters,
            sum(CAST(c.stored_elements AS DOUBLE)) AS stored_elements
        FROM parameter_count c
        JOIN weight_file w ON w.repo_id = c.repo_id AND w.path = c.source_path
        WHERE c.source IN ('safetensors_header', 'gguf_header', 'torch_pickle')
        GROUP BY c.repo_id, w.role, w.path_group, coalesce(w.variant, '*')
    ) grouped
) ranked
WHERE place = 1
