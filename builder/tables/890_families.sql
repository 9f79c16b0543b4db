-- The table `families`.
SELECT
    build.snapshot_date,
    m.family_id,
    coalesce(t.title, s.title) AS title,
    au.elements AS authors,
    fr.unique_model_id AS root_repo_id,
    c.unique_models,
    m.repositories,
    c.audio_language_models,
    m.original_count, m.finetune_count, m.adapter_count, m.merge_count, m.quantized_count, m.conversion_count,
    m.mirror_count, m.placeholder_count,
    c.runtime_parameters_min,
    c.runtime_parameters_max,
    li.elements AS license,
    la.elements AS language,
    wf.elements AS weight_formats,
    qu.elements AS quantizations,
    bb.elements AS backbones,
    v.min_memory_bytes,
    v.repo_id AS min_memory_repo_id,
    v.variant AS min_memory_variant,
    c.audio_max_s,
    m.downloads,
    m.likes,
    m.first_created_at,
    m.last_modified
FROM family_sum m
CROSS JOIN build
JOIN family_root fr ON fr.family_id = m.family_id
JOIN family_count c ON c.family_id = m.family_id
JOIN subject s ON s.repo_id = fr.unique_model_id
LEFT JOIN family_title t ON t.family_id = m.family_id
LEFT JOIN family_least v ON v.family_id = m.family_id
LEFT JOIN family_values au ON au.family_id = m.family_id AND au.column_name = 'authors'
LEFT JOIN family_values li ON li.family_id = m.family_id AND li.column_name = 'license'
LEFT JOIN family_values la ON la.family_id = m.family_id AND la.column_name = 'language'
LEFT JOIN family_values wf ON wf.family_id = m.family_id AND wf.column_name = 'weight_formats'
LEFT JOIN family_values qu ON qu.family_id = m.family_id AND qu.column_name = 'quantizations'
LEFT JOIN family_values bb ON bb.family_id = m.family_id AND bb.column_name = 'backbones'
