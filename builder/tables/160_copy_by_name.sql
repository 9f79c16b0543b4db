-- Copies that the name alone shows: the same stem as another id, nothing against it. Two finetunes of one parent that
-- happen to share a name are not copies, and counts that differ are a different model: by more than rounding and 0.1 %,
-- which covers buffers.
SELECT
    c.repo_id,
    s.repo_id AS target,
    c.quantized,
    c.ported,
    c.named_float_bits IS NOT NULL AS precision_named,
    c.copy_word,
    c.quantization_evidence,
    c.stored_elements = s.stored_elements AND c.stored_uncertainty = 0 AND s.stored_uncertainty = 0 AS same_count,
    coalesce(ca.family = sa.family, false) AS same_design
FROM subject c
JOIN namesake k ON k.stem = c.stem
JOIN subject s ON s.repo_id = k.repo_id
LEFT JOIN parent_count cp ON cp.repo_id = c.repo_id
LEFT JOIN parent_count sp ON sp.repo_id = s.repo_id
LEFT JOIN architecture ca ON ca.model_type = c.model_type
LEFT JOIN architecture sa ON sa.model_type = s.model_type
WHERE c.in_evidence AND s.repo_id <> c.repo_id AND coalesce(c.has_weights, true)
    AND (ca.family IS NULL OR sa.family IS NULL OR ca.family = sa.family)
    AND (
        c.quantized OR s.quantized OR c.stored_elements IS NULL OR s.stored_elements IS NULL
        OR abs(c.stored_elements - s.stored_elements)
            <= c.stored_uncertainty + s.stored_uncertainty + 0.001 * s.stored_elements
    )
    AND (
        c.quantized OR c.ported OR c.named_float_bits IS NOT NULL OR c.copy_word
        OR (
            c.owner <> s.owner AND coalesce(sp.parents, 0) = 0
            AND (c.stored_elements = s.stored_elements OR coalesce(ca.family = sa.family, false))
        )
    )
