-- Everything known of an id before any decision: its name, its record, its architecture, how it is named by others.
-- An owner written into the name (`mistralai_Voxtral-…`) is taken off where that owner exists.
SELECT
    d.repo_id, d.owner, d.title,
    CASE WHEN o.owner IS NOT NULL THEN d.prefix_stem ELSE d.stem END AS stem,
    CASE WHEN o.owner IS NOT NULL THEN d.prefix_line ELSE d.line END AS line,
    d.copy_word, d.training_word, d.asr_word, d.instruct_word, d.base_word, d.stated_billions, d.in_evidence,
    d.has_weights, d.pipeline_tag, d.downloads, d.created_at, d.audio_tag, d.adapter_mark, d.used_storage_bytes,
    d.stored_elements, d.stored_uncertainty, d.packed, d.quantization, d.quantization_evidence, d.quantized, d.ported,
    d.named_float_bits, d.float_bits,
    coalesce(t.model_type, b.model_type, tn.model_type) AS model_type,
    CASE WHEN t.model_type IS NOT NULL THEN t.type_evidence WHEN b.model_type IS NOT NULL THEN 'curated' ELSE 'name' END
        AS type_evidence,
    coalesce(m.mentions, 0) AS mentions,
    coalesce(w.downloads, CAST(0 AS DOUBLE)) AS owner_weight
FROM described d
LEFT JOIN (SELECT DISTINCT lower(owner) AS owner FROM known_name WHERE owner IS NOT NULL) o
    ON o.owner = lower(d.prefix_owner)
LEFT JOIN type_of_record t ON t.repo_id = d.repo_id
LEFT JOIN (SELECT repo_id, min(model_type) AS model_type FROM backbone GROUP BY repo_id) b ON b.repo_id = d.repo_id
LEFT JOIN type_of_name tn ON tn.repo_id = d.repo_id AND NOT d.in_evidence
LEFT JOIN mention m ON m.repo_id = d.repo_id
LEFT JOIN owner_weight w ON w.owner = lower(d.owner) AND w.line = d.line
