-- as a view
-- Candidates for `audio_language_model`. A text model whose tags speak of sound takes sound as tokens, which its
-- configuration cannot show. A correction of a distinct model is one of all its copies.
SELECT repo_id, 'audio_language_model' AS column_name, value, target, rule, evidence, confidence, rank
FROM (
    SELECT
        u.repo_id, c.value, '' AS target, 'curated correction' AS rule, 'curated' AS evidence, 'high' AS confidence,
        10 AS rank
    FROM correction c
    JOIN unique_final u ON u.unique_model_id = c.repo_id
    WHERE c.column_name = 'audio_language_model'
    UNION ALL
    SELECT repo_id, 'unknown', '', 'no weights to judge', 'hub', 'high', 20
    FROM verdict WHERE kind = 'placeholder'
    UNION ALL
    SELECT repo_id, 'yes', '', 'a text architecture whose tags speak of sound: sound as tokens', 'hub', 'low', 30
    FROM verdict WHERE NOT takes_audio AND audio_tag AND pipeline_tag = 'audio-text-to-text'
    UNION ALL
    SELECT repo_id, CASE WHEN is_audio_language_model THEN 'yes' ELSE 'no' END, '',
        'inputs and outputs of its architecture',
        CASE WHEN type_evidence IN ('config', 'hub') THEN 'architecture' ELSE 'name' END,
        CASE WHEN type_evidence = 'config' THEN 'high' WHEN type_evidence = 'hub' THEN 'medium' ELSE 'low' END, 40
    FROM verdict WHERE is_audio_language_model IS NOT NULL
    UNION ALL
    SELECT repo_id, CASE WHEN ancestor_is_audio_language_model THEN 'yes' ELSE 'no' END, ancestor,
        'inputs and outputs of what it comes from', 'hub', 'medium', 50
    FROM verdict WHERE ancestor_is_audio_language_model IS NOT NULL
    UNION ALL
    SELECT repo_id, 'no', '', 'a word in the name says speech recognition', 'name', 'medium', 60
    FROM verdict WHERE asr_word AND kind <> 'placeholder'
    UNION ALL
    SELECT repo_id, CASE WHEN pipeline_tag = 'audio-text-to-text' THEN 'yes' ELSE 'no' END, '',
        'the task that its owner chose', 'declared', 'low', 70
    FROM verdict WHERE pipeline_tag IS NOT NULL AND pipeline_tag <> 'any-to-any'
    UNION ALL
    SELECT repo_id, 'unknown', '', 'nothing tells', 'hub', 'low', 90
    FROM verdict WHERE pipeline_tag IS NULL OR pipeline_tag = 'any-to-any'
) candidates
