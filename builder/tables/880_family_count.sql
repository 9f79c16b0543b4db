-- Sums over the distinct models of each family.
SELECT
    family_id,
    count(*) AS unique_models,
    sum(CASE WHEN audio_language_model = 'yes' THEN 1 ELSE 0 END) AS audio_language_models,
    min(runtime_parameters) AS runtime_parameters_min,
    max(runtime_parameters) AS runtime_parameters_max,
    max(audio_max_s) AS audio_max_s
FROM unique_models
GROUP BY family_id
