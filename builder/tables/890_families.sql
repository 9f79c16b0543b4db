-- The table `families`.
SELECT
    build.snapshot_date,
    m.family_id,
    coalesce(t.title, s.title) AS title,
    au.elements AS authors,
    fr.unique_model_id AS root_repo_id,
    c.unique_models,
    count(*) AS repositories,
    c.audio_language_models,
    sum(CASE WHEN m.kind = 'original' THEN 1 ELSE 0 END) AS original_count,
    sum(CASE WHEN m.kind = 'finetune' THEN 1 ELSE 0 END) AS finetune_count,
    sum(CASE WHEN m.kind = 'adapter' THEN 1 ELSE 0 END) AS adapter_count,
    sum(CASE WHEN m.kind = 'merge' THEN 1 ELSE 0 END) AS merge_count,
    sum(CASE WHEN m.kind = 'quantized' THEN 1 ELSE 0 END) AS quantized_count,
    sum(CASE WHEN m.kind = 'conversion' THEN 1 ELSE 0 END) AS conversion_count,
    sum(CASE WHEN m.kind = 'mirror' THEN 1 ELSE 0 END) AS mirror_count,
    sum(CASE WHEN m.kind = 'placeholder' THEN 1 ELSE 0 END) AS placeholder_count,
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
    sum(m.downloads) AS downloads,
    sum(m.likes) AS likes,
    min(m.created_at) AS first_created_at,
    max(m.last_modified) AS last_modified
FROM models m
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
GROUP BY build.snapshot_date, m.family_id, t.title, s.title, au.elements, fr.unique_model_id, c.unique_models,
    c.audio_language_models, c.audio_max_s, c.runtime_parameters_min, c.runtime_parameters_max, li.elements, la.elements, wf.elements,
    qu.elements, bb.elements, v.min_memory_bytes, v.repo_id, v.variant
