-- The table `files`.
SELECT
    build.snapshot_date, w.repo_id, w.path, w.size_bytes, w.sha256, w.format, w.role, w.variant, w.shard_index,
    w.shard_count
FROM weight_file w
JOIN models m ON m.repo_id = w.repo_id
CROSS JOIN build
