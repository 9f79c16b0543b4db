-- Per set: the lowest word error rate of an audio-language model and of a classic recogniser, in percent.
SELECT
    dataset_id,
    min(CASE WHEN NOT reference THEN value END) AS one_prompt,
    min_by(repo_id, value) FILTER (WHERE NOT reference) AS one_prompt_repo_id,
    min(CASE WHEN reference THEN value END) AS classic,
    min_by(repo_id, value) FILTER (WHERE reference) AS classic_repo_id,
    CAST(CAST(max(observed_at) AS DATE) AS VARCHAR) AS observed_on
FROM evaluations
WHERE metric = 'wer' AND value IS NOT NULL
GROUP BY dataset_id
HAVING count(DISTINCT reference) = 2
ORDER BY dataset_id
