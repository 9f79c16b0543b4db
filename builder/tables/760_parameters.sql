-- The table `parameters`.
SELECT
    build.snapshot_date, a.repo_id, a.component, a.weights_repo_id, a.source_path, a.dtype, a.weights_sha,
    a.stored_elements, a.logical_parameters, a.stored_bytes, a.uncertainty, a.source, a.counted, a.confidence,
    a.observed_at
FROM addend a
JOIN models m ON m.repo_id = a.repo_id
CROSS JOIN build
