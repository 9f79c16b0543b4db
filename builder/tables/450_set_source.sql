-- Which architecture gives each repository its modalities and audio domains.
SELECT
    repo_id,
    CASE WHEN by_tokens THEN 'sound as tokens' ELSE coalesce(model_type, ancestor_type) END AS model_type,
    CASE WHEN NOT by_tokens AND model_type IS NULL THEN ancestor ELSE '' END AS target,
    CASE
        WHEN by_tokens THEN 'sound as tokens beside text'
        WHEN model_type IS NOT NULL THEN 'inputs and outputs of its architecture'
        ELSE 'inputs and outputs of what it comes from'
    END AS rule,
    CASE
        WHEN by_tokens OR model_type IS NULL THEN 'hub'
        WHEN type_evidence IN ('config', 'hub') THEN 'architecture'
        ELSE 'name'
    END AS evidence,
    CASE
        WHEN by_tokens THEN 'low'
        WHEN model_type IS NULL THEN 'medium'
        WHEN type_evidence = 'config' THEN 'high'
        WHEN type_evidence = 'hub' THEN 'medium'
        ELSE 'low'
    END AS confidence
FROM (
    SELECT
        v.repo_id, model_type, ancestor_type, ancestor, type_evidence,
        coalesce(NOT takes_audio AND audio_tag AND pipeline_tag = 'audio-text-to-text', false)
            AND f.audio_language_model = 'yes' AS by_tokens
    FROM verdict v
    JOIN audio_final f ON f.repo_id = v.repo_id
    WHERE kind <> 'placeholder' AND (model_type IS NOT NULL OR ancestor_type IS NOT NULL)
) sourced
UNION ALL
SELECT
    v.repo_id, 'audio and text', '', 'what every audio-language model takes in and gives out', f.evidence, f.confidence
FROM verdict v
JOIN audio_final f ON f.repo_id = v.repo_id AND f.audio_language_model = 'yes'
WHERE v.model_type IS NULL AND v.ancestor_type IS NULL
