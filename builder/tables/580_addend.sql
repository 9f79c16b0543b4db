-- Every count with where it comes from; `counted` rows add up to the sums in `models`. The head that is written out a
-- second time is taken off the largest row. A bound is no count of the repository's own weights: it adds to what must be
-- loaded only.
SELECT
    p.repo_id, p.component, p.weights_repo_id, p.source_path, p.dtype, p.weights_sha, p.stored_elements,
    CAST(CASE
        WHEN p.logical_parameters IS NULL AND x.is_packed THEN p.stored_elements * f.weights_per_element
        WHEN p.logical_parameters IS NULL AND x.repo_id IS NOT NULL THEN p.stored_elements
        WHEN p.is_own AND p.place = 1 THEN p.logical_parameters - coalesce(h.tied_head, 0)
        ELSE p.logical_parameters
    END AS BIGINT) AS logical_parameters,
    p.stored_bytes, p.uncertainty, p.source,
    s.repo_id IS NOT NULL AND p.is_own AND b.repo_id IS NULL AS counted,
    CASE WHEN h.repo_id IS NOT NULL OR x.repo_id IS NOT NULL THEN 'medium' ELSE p.confidence END AS confidence,
    p.observed_at, false AS external
FROM (
    SELECT
        c.repo_id, c.component, c.weights_repo_id, c.source_path, c.dtype, c.weights_sha, c.stored_elements,
        c.logical_parameters, c.stored_bytes, c.uncertainty, c.source, c.confidence, c.observed_at,
        o.repo_id IS NOT NULL AS is_own,
        row_number() OVER (
            PARTITION BY c.repo_id, CASE WHEN o.repo_id IS NOT NULL THEN 0 ELSE 1 END
            ORDER BY c.logical_parameters DESC NULLS LAST, c.dtype, c.source_path, c.component, c.source
        ) AS place
    FROM parameter_count c
    LEFT JOIN own_row o ON o.repo_id = c.repo_id AND o.component = c.component AND o.source_path = c.source_path
        AND o.dtype = c.dtype AND o.source = c.source
) p
LEFT JOIN own_sum s ON s.repo_id = p.repo_id
LEFT JOIN borrowed b ON b.repo_id = p.repo_id
LEFT JOIN tied_head h ON h.repo_id = p.repo_id AND p.is_own
LEFT JOIN unpacked x ON x.repo_id = p.repo_id AND p.source = 'safetensors_hub'
LEFT JOIN packing f ON f.repo_id = p.repo_id AND f.dtype = p.dtype
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
    d.repo_id, d.component, d.repo_id, '*', 'unknown', r.sha,
    NULL, CAST(d.logical_parameters AS BIGINT), NULL, CAST(d.uncertainty AS BIGINT), 'storage_bound',
    true, 'low', r.observed_at, true
FROM bounded d
JOIN record r ON r.repo_id = d.repo_id
UNION ALL
SELECT
    t.repo_id, t.component, t.part, '*', 'unknown', NULL,
    NULL, CAST(t.logical_parameters AS BIGINT), NULL, CAST(t.uncertainty AS BIGINT), t.count_source,
    (n.is_known IS NULL OR n.is_known) AND (s.repo_id IS NOT NULL OR d.repo_id IS NOT NULL), t.confidence, t.observed_at,
    true
FROM part t
LEFT JOIN needs_part n ON n.repo_id = t.repo_id
LEFT JOIN own_sum s ON s.repo_id = t.repo_id
LEFT JOIN bounded d ON d.repo_id = t.repo_id
WHERE t.logical_parameters IS NOT NULL
