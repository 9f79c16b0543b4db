-- Names with what their records say and the architecture they are known to have.
SELECT
    n.repo_id,
    coalesce(n.owner, n.repo_id) AS owner,
    n.title, n.stem, n.line, n.prefix_owner, n.prefix_stem, n.prefix_line,
    n.copy_word, n.training_word, n.asr_word, n.instruct_word, n.base_word, n.stated_billions,
    r.repo_id IS NOT NULL AS in_evidence,
    r.has_weights,
    r.pipeline_tag,
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
    coalesce(r.float_bits, n.float_bits) AS float_bits
FROM known_name n
LEFT JOIN record r ON r.repo_id = n.repo_id
