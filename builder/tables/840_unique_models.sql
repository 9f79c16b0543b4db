-- The table `unique_models`.
SELECT
    build.snapshot_date,
    g.unique_model_id,
    s.title,
    r.family_id,
    g.authors,
    o.repo_id IS NOT NULL AS in_snapshot,
    r.audio_language_model,
    r.input_modalities, r.output_modalities, r.audio_domains, r.instruction_tuned,
    r.runtime_parameters, r.active_parameters,
    xc.elements AS external_components,
    g.repositories,
    g.original_count, g.finetune_count, g.adapter_count, g.merge_count, g.quantized_count, g.conversion_count,
    g.mirror_count, g.placeholder_count,
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
    g.downloads,
    g.downloads_root,
    g.likes,
    g.first_created_at,
    g.last_modified
FROM unique_sum g
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
