-- The table `tasks`.
SELECT
    build.snapshot_date, t.pipeline_tag, coalesce(c.category, 'Other') AS category, t.model_count, t.exact, t.counted_at,
    t.source
FROM task_count t
CROSS JOIN build
LEFT JOIN task_category c ON c.pipeline_tag = t.pipeline_tag
