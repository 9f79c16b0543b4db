-- The size of what a repository was trained from, where a backbone or another record's plain count gives it.
SELECT
    f.repo_id,
    f.target AS parent,
    coalesce(CAST(b.logical_parameters AS DOUBLE), o.logical_parameters)
        AS logical_parameters,
    CAST(b.tied_head AS DOUBLE) AS tied_head,
    coalesce(CAST(b.uncertainty AS DOUBLE), o.uncertainty, CAST(0 AS DOUBLE)) AS uncertainty,
    coalesce(b.count_source, o.source) AS count_source,
    coalesce(b.observed_at, r.observed_at) AS observed_at
FROM kind_final f
LEFT JOIN backbone b ON b.repo_id = f.target AND b.component = 'language_model'
LEFT JOIN record r ON r.repo_id = f.target
LEFT JOIN own_count o ON o.repo_id = f.target
WHERE f.kind IN ('finetune', 'adapter') AND f.target IS NOT NULL
