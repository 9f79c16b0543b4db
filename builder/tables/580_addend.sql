-- Every count with where it comes from; `counted` rows add up to the sums in `models`.
SELECT
    p.repo_id, p.component, p.weights_repo_id, p.source_path, p.dtype, p.weights_sha,
    p.stored_elements, p.logical_parameters, p.stored_bytes, p.uncertainty, p.source,
    s.repo_id IS NOT NULL AND p.source = s.source AND b.repo_id IS NULL AS counted,
    p.confidence, p.observed_at, false AS external
FROM parameter_count p
LEFT JOIN own_sum s ON s.repo_id = p.repo_id
LEFT JOIN borrowed b ON b.repo_id = p.repo_id
UNION ALL
SELECT
    b.repo_id, 'whole', b.counted_at_id, '*', 'unknown', NULL,
    NULL, CAST(b.logical_parameters AS BIGINT), NULL, CAST(b.uncertainty AS BIGINT), b.source,
    true, 'medium', r.observed_at, false
FROM borrowed b
JOIN record r ON r.repo_id = b.counted_at_id
WHERE b.logical_parameters IS NOT NULL AND b.counted_at_id <> b.repo_id
UNION ALL
SELECT
    t.repo_id, t.component, t.part, '*', 'unknown', NULL,
    NULL, CAST(t.logical_parameters AS BIGINT), NULL, CAST(t.uncertainty AS BIGINT), t.count_source,
    n.is_known IS NULL OR n.is_known, t.confidence, t.observed_at, true
FROM part t
LEFT JOIN needs_part n ON n.repo_id = t.repo_id
WHERE t.logical_parameters IS NOT NULL
