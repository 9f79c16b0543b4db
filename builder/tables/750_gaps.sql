-- The table `gaps`.
SELECT build.snapshot_date, g.repo_id, g.column_name, g.reason
FROM gap g
CROSS JOIN build
