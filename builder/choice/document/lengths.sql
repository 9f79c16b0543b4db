-- Distinct audio-language models by the longest audio that they are stated to take.
SELECT
    count(*) AS models,
    count(audio_max_s) AS stated,
    count(CASE WHEN audio_max_s <= 30 THEN 1 END) AS up_to_30_s,
    count(CASE WHEN audio_max_s >= 3600 THEN 1 END) AS an_hour_or_more
FROM unique_models
WHERE audio_language_model = 'yes'
