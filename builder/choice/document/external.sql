-- Distinct audio-language models that need another repository, and those where something needed is gated.
SELECT
    count(*) AS models,
    count(external_components) AS with_components,
    count(CASE WHEN required_gated THEN 1 END) AS gated,
    count(CASE WHEN required_gated IS NULL THEN 1 END) AS gating_unknown
FROM unique_models
WHERE audio_language_model = 'yes'
