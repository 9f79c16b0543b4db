-- The size of what a repository was trained from, where a backbone or another record's plain count gives it.
SELECT
    f.repo_id,
    f.target AS parent,
    coalesce(CAST(b.logical_parameters AS DOUBLE), CASE WHEN NOT coalesce(r.packed, false) THEN CAST(r.stored_elements AS DOUBLE) END)
        AS logical_parameters,
    CAST(b.tied_head AS DOUBLE) AS tied_head,
    coalesce(CAST(b.uncertainty AS DOUBLE), CAST(r.hub_total_uncertainty AS DOUBLE), CAST(0 AS DOUBLE)) AS uncertainty,
    coalesce(b.count_source, 'safetensors_hub') AS count_source,
    coalesce(b.observed_at, r.observed_at) AS observed_at
FROM kind_final f
LEFT JOIN backbone b ON b.repo_id = f.target AND b.component = 'language_model'
LEFT JOIN record r ON r.repo_id = f.target
WHERE f.kind IN ('finetune', 'adapter') AND f.target IS NOT NULL
