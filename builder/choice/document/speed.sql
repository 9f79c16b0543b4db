-- Seconds of audio per second of computing (RTFx), of audio-language models and of classic recognisers.
SELECT
    reference,
    count(DISTINCT repo_id) AS models,
    median(value) AS median_rtfx,
    max(value) AS highest_rtfx,
    CAST(CAST(max(observed_at) AS DATE) AS VARCHAR) AS observed_on
FROM evaluations
WHERE metric = 'rtfx' AND value IS NOT NULL
GROUP BY reference
ORDER BY reference
