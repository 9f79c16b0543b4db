-- The table `unique_models`. What it takes from one repository is that of the one that speaks for the model.
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
    CASE WHEN g.repositories = 1 THEN r.weight_formats ELSE wf.elements END AS weight_formats,
    qu.elements AS quantizations,
    v.min_memory_bytes,
    v.repo_id AS min_memory_repo_id,
    v.variant AS min_memory_variant,
    r.audio_max_s,
    r.context_length,
    r.language,
    r.license,
    coalesce(rl.elements, r.license, unknown.elements) AS required_licenses,
    rg.required_gated,
    g.downloads,
    g.downloads_root,
    g.likes,
    g.first_created_at,
    g.last_modified,
    rw.elements AS runtimes,
    rx.elements AS runtimes_experimental
FROM unique_sum g
CROSS JOIN build
CROSS JOIN (SELECT array_agg(value) AS elements FROM (SELECT 'unknown' AS value) one) unknown
JOIN representative p ON p.unique_model_id = g.unique_model_id
JOIN models r ON r.repo_id = p.repo_id
JOIN subject s ON s.repo_id = g.unique_model_id
LEFT JOIN models o ON o.repo_id = g.unique_model_id
LEFT JOIN least_variant v ON v.unique_model_id = g.unique_model_id
LEFT JOIN required_gate rg ON rg.unique_model_id = g.unique_model_id
LEFT JOIN unique_values xc ON xc.unique_model_id = g.unique_model_id AND xc.column_name = 'external_components'
LEFT JOIN unique_values wf ON wf.unique_model_id = g.unique_model_id AND wf.column_name = 'weight_formats'
LEFT JOIN unique_values qu ON qu.unique_model_id = g.unique_model_id AND qu.column_name = 'quantizations'
LEFT JOIN unique_values rl ON rl.unique_model_id = g.unique_model_id AND rl.column_name = 'required_licenses'
LEFT JOIN unique_runtime rw ON rw.unique_model_id = g.unique_model_id AND rw.status = 'works'
LEFT JOIN unique_runtime rx ON rx.unique_model_id = g.unique_model_id AND rx.status = 'experimental'
