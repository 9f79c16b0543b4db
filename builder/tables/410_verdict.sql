-- What the architecture of a distinct model says of audio in and text out; a text model whose tags speak of sound
-- takes sound as tokens, which its configuration cannot show.
SELECT
    u.repo_id,
    u.unique_model_id,
    t.type_evidence,
    a.takes_audio AND a.takes_text AND a.gives_text AS is_audio_language_model,
    a.takes_audio,
    s.audio_tag,
    s.asr_word,
    s.pipeline_tag
FROM unique_final u
JOIN subject s ON s.repo_id = u.repo_id
LEFT JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
LEFT JOIN architecture a ON a.model_type = t.model_type
