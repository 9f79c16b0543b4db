-- The table `unique_models`.
SELECT
    build.snapshot_date,
    g.unique_model_id,
    s.title,
    r.family_id,
    array_sort(array_distinct(array_agg(s.owner))) AS authors,
    max(CASE WHEN o.repo_id IS NOT NULL THEN 1 ELSE 0 END) = 1 AS in_snapshot,
    r.audio_language_model,
    r.input_modalities, r.output_modalities, r.audio_domains, r.instruction_tuned,
    r.runtime_parameters, r.active_parameters,
    xc.elements AS external_components,
    count(*) AS repositories,
    sum(CASE WHEN g.kind = 'original' THEN 1 ELSE 0 END) AS original_count,
    sum(CASE WHEN g.kind = 'finetune' THEN 1 ELSE 0 END) AS finetune_count,
    sum(CASE WHEN g.kind = 'adapter' THEN 1 ELSE 0 END) AS adapter_count,
    sum(CASE WHEN g.kind = 'merge' THEN 1 ELSE 0 END) AS merge_count,
    sum(CASE WHEN g.kind = 'quantized' THEN 1 ELSE 0 END) AS quantized_count,
    sum(CASE WHEN g.kind = 'conversion' THEN 1 ELSE 0 END) AS conversion_count,
    sum(CASE WHEN g.kind = 'mirror' THEN 1 ELSE 0 END) AS mirror_count,
    sum(CASE WHEN g.kind = 'placeholder' THEN 1 ELSE 0 END) AS placeholder_count,
    wf.elements AS weight_formats,
    qu.elements AS quantizations,
    v.min_memory_bytes,
    v.repo_id AS min_memory_repo_id,
    v.variant AS min_memory_variant,
    r.audio_max_s,
    r.context_length,
    la.elements AS language,
    li.elements AS license,
    rl.elements AS required_licenses,
    rg.required_gated,
    sum(g.downloads) AS downloads,
    max(CASE WHEN g.repo_id = g.unique_model_id THEN g.downloads END) AS downloads_root,
    sum(g.likes) AS likes,
    min(g.created_at) AS first_created_at,
    max(g.last_modified) AS last_modified
FROM models g
CROSS JOIN build
JOIN representative p ON p.unique_model_id = g.unique_model_id
JOIN models r ON r.repo_id = p.repo_id
JOIN subject s ON s.repo_id = g.unique_model_id
LEFT JOIN models o ON o.repo_id = g.unique_model_id
LEFT JOIN least_variant v ON v.unique_model_id = g.unique_model_id
LEFT JOIN required_gate rg ON rg.unique_model_id = g.unique_model_id
LEFT JOIN unique_values xc ON xc.unique_model_id = g.unique_model_id AND xc.column_name = 'external_components'
LEFT JOIN unique_values wf ON wf.unique_model_id = g.unique_model_id AND wf.column_name = 'weight_formats'
LEFT JOIN unique_values qu ON qu.unique_model_id = g.unique_model_id AND qu.column_name = 'quantizations'
LEFT JOIN unique_values la ON la.unique_model_id = g.unique_model_id AND la.column_name = 'language'
LEFT JOIN unique_values li ON li.unique_model_id = g.unique_model_id AND li.column_name = 'license'
LEFT JOIN unique_values rl ON rl.unique_model_id = g.unique_model_id AND rl.column_name = 'required_licenses'
GROUP BY build.snapshot_date, g.unique_model_id, s.title, r.family_id, r.audio_language_model, r.input_modalities,
    r.output_modalities, r.audio_domains, r.instruction_tuned, r.runtime_parameters, r.active_parameters, xc.elements, r.audio_max_s, r.context_length,
    wf.elements, qu.elements, v.min_memory_bytes, v.repo_id, v.variant, la.elements, li.elements, rl.elements,
    rg.required_gated
