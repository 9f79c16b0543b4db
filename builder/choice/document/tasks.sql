-- How many models the Hub lists under speech recognition and under audio-text-to-text, and when that was counted.
SELECT pipeline_tag, model_count, exact, CAST(CAST(counted_at AS DATE) AS VARCHAR) AS counted_on
FROM tasks
WHERE pipeline_tag IN ('automatic-speech-recognition', 'audio-text-to-text')
ORDER BY pipeline_tag
