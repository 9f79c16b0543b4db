-- Everything known of an id before any decision: its name, its record, its architecture.
-- An owner written into the name (`mistralai_Voxtral-…`) is taken off where that owner exists.
SELECT
    n.repo_id,
    coalesce(n.owner, n.repo_id) AS owner,
    n.title,
    CASE WHEN o.owner IS NOT NULL THEN n.prefix_stem ELSE n.stem END AS stem,
    CASE WHEN o.owner IS NOT NULL THEN n.prefix_line ELSE n.line END AS line,
    n.copy_word, n.training_word, n.asr_word, n.instruct_word, n.base_word, n.stated_billions,
    r.repo_id IS NOT NULL AS in_evidence,
    r.has_weights,
    r.pipeline_tag,
    r.library_name,
    r.downloads,
    r.created_at,
    r.audio_tag,
    r.adapter_mark,
    r.used_storage_bytes,
    r.stored_elements,
    r.hub_total_uncertainty AS stored_uncertainty,
    r.packed,
    coalesce(r.quantization, n.quantization) AS quantization,
    coalesce(r.quantization_evidence, 'name') AS quantization_evidence,
    coalesce(r.quantization, n.quantization, 'none') <> 'none' AS quantized,
    coalesce(r.ported, n.ported) AS ported,
    n.float_bits AS named_float_bits,
    coalesce(r.float_bits, n.float_bits) AS float_bits,
    coalesce(t.model_type, b.model_type, tn.model_type) AS model_type,
    CASE WHEN t.model_type IS NOT NULL THEN t.type_evidence WHEN b.model_type IS NOT NULL THEN 'curated' ELSE 'name' END
        AS type_evidence,
    coalesce(m.mentions, 0) AS mentions,
    coalesce(w.downloads, CAST(0 AS DOUBLE)) AS owner_weight
FROM known_name n
LEFT JOIN (SELECT DISTINCT lower(owner) AS owner FROM known_name WHERE owner IS NOT NULL) o
    ON o.owner = lower(n.prefix_owner)
LEFT JOIN record r ON r.repo_id = n.repo_id
LEFT JOIN type_of_record t ON t.repo_id = n.repo_id
LEFT JOIN (SELECT repo_id, min(model_type) AS model_type FROM backbone GROUP BY repo_id) b ON b.repo_id = n.repo_id
LEFT JOIN type_of_name tn ON tn.repo_id = n.repo_id AND r.repo_id IS NULL
LEFT JOIN mention m ON m.repo_id = n.repo_id
LEFT JOIN owner_weight w ON w.owner = lower(coalesce(n.owner, n.repo_id)) AND w.line = n.line
