-- What a distinct model takes from the one repository that speaks for it.
SELECT
    p.unique_model_id,
    s.title,
    r.family_id,
    o.repo_id IS NOT NULL AS in_snapshot,
    r.audio_language_model,
    r.input_modalities, r.output_modalities, r.audio_domains, r.instruction_tuned,
    r.runtime_parameters, r.active_parameters,
    r.weight_formats,
    r.audio_max_s,
    r.context_length,
    r.language,
    r.license
FROM representative p
JOIN models r ON r.repo_id = p.repo_id
JOIN subject s ON s.repo_id = p.unique_model_id
LEFT JOIN models o ON o.repo_id = p.unique_model_id
