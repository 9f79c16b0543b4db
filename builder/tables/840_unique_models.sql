-- The table `unique_models`. What it takes from one repository is that of the one that speaks for the model.
SELECT
    build.snapshot_date,
    g.unique_model_id,
    r.title,
    r.family_id,
    g.authors,
    r.in_snapshot,
    r.audio_language_model,
    r.input_modalities, r.output_modalities, r.audio_domains, r.instruction_tuned,
    r.runtime_parameters, r.active_parameters,
    l.external_components,
    g.repositories,
    g.original_count, g.finetune_count, g.adapter_count, g.merge_count, g.quantized_count, g.conversion_count,
    g.mirror_count, g.placeholder_count,
    CASE WHEN g.repositories = 1 THEN r.weight_formats ELSE l.weight_formats END AS weight_formats,
    l.quantizations,
    v.min_memory_bytes,
    v.repo_id AS min_memory_repo_id,
    v.variant AS min_memory_variant,
    r.audio_max_s,
    r.context_length,
    r.language,
    r.license,
    coalesce(l.required_licenses, r.license, unknown.elements) AS required_licenses,
    l.required_gated,
    g.downloads,
    g.downloads_root,
    g.likes,
    g.first_created_at,
    g.last_modified,
    l.runtimes,
    l.runtimes_experimental
FROM unique_sum g
CROSS JOIN build
CROSS JOIN (SELECT array_agg(value) AS elements FROM (SELECT 'unknown' AS value) one) unknown
JOIN unique_speaker r ON r.unique_model_id = g.unique_model_id
JOIN unique_lists l ON l.unique_model_id = g.unique_model_id
LEFT JOIN least_variant v ON v.unique_model_id = g.unique_model_id
