-- What was counted of each repository, and what running it takes.
SELECT
    d.repo_id,
    c.stored_parameters, c.stored_uncertainty, c.stored_source,
    c.logical_parameters, c.logical_uncertainty, c.logical_source, c.logical_confidence,
    c.runtime_parameters, c.runtime_uncertainty, c.runtime_source, c.runtime_confidence,
    c.moe_total, c.moe_active, c.has_moe_part, c.dense,
    fb.weights_bytes,
    x.elements AS external_components,
    xl.repo_id IS NOT NULL AS lacks_backbone,
    bb.tied_head,
    h.repo_id IS NOT NULL AS has_tied_head,
    ru.context_length,
    ru.max_output_tokens,
    ru.audio_sampling_rate_hz,
    ru.audio_window_s,
    ru.audio_max_s,
    ru.audio_tokens_per_s,
    ru.kv_cache_bytes_per_token
FROM decided d
LEFT JOIN count_of_model c ON c.repo_id = d.repo_id
LEFT JOIN running ru ON ru.unique_model_id = d.unique_model_id
LEFT JOIN backbone bb ON bb.repo_id = d.unique_model_id AND bb.component = 'language_model'
LEFT JOIN tied_head h ON h.repo_id = d.repo_id
LEFT JOIN external_list x ON x.repo_id = d.repo_id
LEFT JOIN (
    SELECT DISTINCT e.repo_id FROM external e JOIN backbone b ON b.repo_id = e.part AND b.component = 'language_model'
) xl ON xl.repo_id = d.repo_id
LEFT JOIN (
    SELECT repo_id, CAST(sum(size_bytes) AS BIGINT) AS weights_bytes
    FROM weight_file WHERE role = 'weights' GROUP BY repo_id
) fb ON fb.repo_id = d.repo_id
