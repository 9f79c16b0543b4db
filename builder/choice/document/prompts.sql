-- Distinct audio-language models: how many follow instructions, and how many take more than speech.
SELECT
    count(*) AS models,
    count(CASE WHEN instruction_tuned THEN 1 END) AS instructed,
    count(CASE WHEN instruction_tuned IS NULL THEN 1 END) AS instruction_unknown,
    count(CASE WHEN list_contains(audio_domains, 'sound') OR list_contains(audio_domains, 'music') THEN 1 END) AS beyond_speech,
    count(CASE WHEN audio_domains IS NULL THEN 1 END) AS domains_unknown
FROM unique_models
WHERE audio_language_model = 'yes'
