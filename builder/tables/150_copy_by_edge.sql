-- Copies that a declared base shows. The Hub calls every repository with GGUF or 4-bit files quantized, so a name that
-- says more than the base's is a copy only where the card itself says so, where the files are a port, or where the method
-- is one that is applied to finished weights only (GPTQ, AWQ, FP8, NVFP4 …): people train in 4 bits and export to GGUF. A mark is something in files, tags or name that says how the weights are stored.
SELECT
    e.repo_id,
    e.resolved_base_model AS target,
    e.card_relation IS NOT NULL AND e.card_relation = 'quantized' AS card_says,
    coalesce(e.card_relation, e.hub_relation, '') = 'quantized' AS said,
    e.same_stem,
    e.adds_words AND coalesce(c.quantization, 'none') IN ('bnb', 'gguf', 'gguf_k', 'gguf_i', 'int4', 'int8', 'mlx', 'none')
        AS adds_words,
    c.quantized,
    c.ported,
    c.quantization_evidence,
    c.named_float_bits IS NOT NULL AS precision_named
FROM typed_edge e
JOIN subject c ON c.repo_id = e.repo_id
JOIN parent_count pc ON pc.repo_id = e.repo_id
WHERE e.role = 'parent' AND e.resolved_base_model IS NOT NULL AND e.resolved_base_model <> e.repo_id
    AND pc.parents = 1 AND coalesce(c.has_weights, true)
