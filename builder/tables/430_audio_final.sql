-- Whether each repository is an audio-language model.
SELECT
    repo_id, min_by(value, rank) AS audio_language_model, min_by(evidence, rank) AS evidence,
    min_by(confidence, rank) AS confidence
FROM audio_candidate
GROUP BY repo_id
