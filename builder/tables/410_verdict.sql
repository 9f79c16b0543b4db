-- What speaks for and against audio and text in, text out: the architecture of the distinct model, that of what it
-- comes from where its own is not known, tags, and a word in the name.
SELECT
    k.repo_id,
    k.kind,
    t.model_type,
    t.type_evidence,
    a.takes_audio AND a.takes_text AND a.gives_text AS is_audio_language_model,
    a.takes_audio,
    n.root AS ancestor,
    n.model_type AS ancestor_type,
    na.takes_audio AND na.takes_text AND na.gives_text AS ancestor_is_audio_language_model,
    s.audio_tag,
    s.asr_word,
    s.pipeline_tag
FROM kind_final k
JOIN subject s ON s.repo_id = k.repo_id
LEFT JOIN unique_final u ON u.repo_id = k.repo_id
LEFT JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
LEFT JOIN architecture a ON a.model_type = t.model_type
LEFT JOIN (
    SELECT n.repo_id, n.root, s.model_type
    FROM ancestor n
    JOIN subject s ON s.repo_id = n.root
    LEFT JOIN type_of_unique t ON t.unique_model_id = n.repo_id
    WHERE t.unique_model_id IS NULL AND s.model_type IS NOT NULL
) n ON n.repo_id = u.unique_model_id
LEFT JOIN architecture na ON na.model_type = n.model_type
