-- The table `models`. Limits of input and output come from curated facts where the evidence holds no configuration.
SELECT
    build.snapshot_date,
    r.repo_id, r.hub_id, r.author, r.sha,
    rl.scopes,
    r.observed_at, r.pipeline_tag, r.library_name,
    rl.architectures,
    r.model_type, r.created_at, r.last_modified, r.downloads, r.downloads_all_time, r.likes, r.trending_score, r.gated,
    rl.license,
    r.license_name, r.license_link,
    rl.language,
    rl.tags,
    r.used_storage_bytes, r.used_storage_bytes_uncertainty,
    d.kind,
    d.audio_language_model,
    im.elements AS input_modalities,
    om.elements AS output_modalities,
    ad.elements AS audio_domains,
    d.instruction_tuned,
    d.unique_model_id,
    d.family_id,
    rl.weight_formats,
    CASE WHEN coalesce(r.has_weights, true) THEN r.quantization END AS quantization,
    CASE WHEN coalesce(r.has_weights, true) THEN r.bits_per_weight END AS bits_per_weight,
    c.weights_bytes,
    c.stored_parameters,
    c.logical_parameters,
    c.runtime_parameters,
    CASE
        WHEN c.runtime_parameters IS NULL THEN NULL
        WHEN c.has_moe_part THEN CAST(c.runtime_parameters - c.moe_total + c.moe_active AS BIGINT)
        WHEN c.dense THEN c.runtime_parameters
    END AS active_parameters,
    r.hub_total_parameters,
    CASE
        WHEN r.hub_total_parameters IS NULL OR c.runtime_parameters IS NULL THEN NULL
        WHEN abs(CAST(r.hub_total_parameters AS DOUBLE) - c.runtime_parameters)
            <= build.hub_total_disagreement * c.runtime_parameters + coalesce(r.hub_total_uncertainty, 0) THEN NULL
        WHEN c.lacks_backbone THEN 'backbone_elsewhere'
        WHEN c.external_components IS NOT NULL THEN 'encoder_elsewhere'
        WHEN r.packed AND r.hub_total_parameters < c.runtime_parameters THEN 'packed_elements'
        WHEN abs(CAST(r.hub_total_parameters AS DOUBLE) - c.tied_head - c.runtime_parameters)
            <= 0.01 * c.runtime_parameters THEN 'tied_head_twice'
        WHEN r.hub_total_parameters <> r.stored_elements THEN 'total_not_sum'
        WHEN r.stored_elements > c.stored_parameters THEN 'buffers_counted'
        WHEN c.has_tied_head THEN 'tied_head_twice'
        ELSE 'unexplained'
    END AS hub_total_disagreement,
    c.external_components,
    c.context_length,
    c.max_output_tokens,
    c.audio_sampling_rate_hz,
    c.audio_window_s,
    c.audio_max_s,
    c.audio_tokens_per_s,
    c.kv_cache_bytes_per_token,
    d.kind_evidence, d.kind_confidence,
    d.audio_language_model_evidence, d.audio_language_model_confidence,
    CASE WHEN im.elements IS NOT NULL THEN ss.evidence END AS input_modalities_evidence,
    CASE WHEN im.elements IS NOT NULL THEN ss.confidence END AS input_modalities_confidence,
    CASE WHEN om.elements IS NOT NULL THEN ss.evidence END AS output_modalities_evidence,
    CASE WHEN om.elements IS NOT NULL THEN ss.confidence END AS output_modalities_confidence,
    CASE WHEN ad.elements IS NOT NULL THEN ss.evidence END AS audio_domains_evidence,
    CASE WHEN ad.elements IS NOT NULL THEN ss.confidence END AS audio_domains_confidence,
    d.instruction_tuned_evidence, d.instruction_tuned_confidence,
    d.unique_model_id_evidence, d.unique_model_id_confidence,
    d.family_id_evidence, d.family_id_confidence,
    c.stored_uncertainty AS stored_parameters_uncertainty,
    c.stored_source AS stored_parameters_source,
    CASE WHEN c.stored_parameters IS NOT NULL THEN 'high' END AS stored_parameters_confidence,
    CASE WHEN c.logical_parameters IS NOT NULL THEN c.logical_uncertainty END AS logical_parameters_uncertainty,
    CASE WHEN c.logical_parameters IS NOT NULL THEN c.logical_source END AS logical_parameters_source,
    CASE WHEN c.logical_parameters IS NOT NULL THEN c.logical_confidence END AS logical_parameters_confidence,
    CASE WHEN c.runtime_parameters IS NOT NULL THEN c.runtime_uncertainty END AS runtime_parameters_uncertainty,
    CASE WHEN c.runtime_parameters IS NOT NULL THEN c.runtime_source END AS runtime_parameters_source,
    CASE WHEN c.runtime_parameters IS NOT NULL THEN c.runtime_confidence END AS runtime_parameters_confidence,
    CASE WHEN c.runtime_parameters IS NOT NULL AND (c.has_moe_part OR c.dense) THEN c.runtime_uncertainty END
        AS active_parameters_uncertainty,
    CASE WHEN c.runtime_parameters IS NOT NULL AND (c.has_moe_part OR c.dense) THEN c.runtime_source END
        AS active_parameters_source,
    CASE WHEN c.runtime_parameters IS NOT NULL AND (c.has_moe_part OR c.dense) THEN c.runtime_confidence END
        AS active_parameters_confidence
FROM record r
CROSS JOIN build
JOIN record_list rl ON rl.repo_id = r.repo_id
JOIN decided d ON d.repo_id = r.repo_id
JOIN counted c ON c.repo_id = r.repo_id
LEFT JOIN set_source ss ON ss.repo_id = r.repo_id
LEFT JOIN set_of_type im ON im.model_type = ss.model_type AND im.column_name = 'input_modalities'
LEFT JOIN set_of_type om ON om.model_type = ss.model_type AND om.column_name = 'output_modalities'
LEFT JOIN set_of_type ad ON ad.model_type = ss.model_type AND ad.column_name = 'audio_domains'
