-- The key-value cache of each distinct model for some minutes of audio. The shortest figure stops at the longest audio that
-- the model takes; the longer ones are null beyond it, and all are where the audio is more than the context.
SELECT
    unique_model_id,
    max(CASE WHEN minutes = 3 THEN bytes END) AS bytes_3min,
    max(CASE WHEN minutes = 30 THEN bytes END) AS bytes_30min,
    max(CASE WHEN minutes = 60 THEN bytes END) AS bytes_60min
FROM (
    SELECT
        unique_model_id, minutes,
        CASE WHEN tokens <= context_length THEN CAST(ceil(
            growing_bytes * tokens + sliding_bytes * least(tokens, coalesce(sliding_window, 0))
        ) AS BIGINT) END AS bytes
    FROM (
        SELECT
            r.unique_model_id, m.minutes, r.context_length, r.growing_bytes, r.sliding_bytes, r.sliding_window,
            CASE
                WHEN r.audio_max_s IS NULL OR m.minutes * 60 <= r.audio_max_s THEN ceil(m.minutes * 60 * r.audio_tokens_per_s)
                WHEN m.minutes = 3 THEN ceil(r.audio_max_s * r.audio_tokens_per_s)
            END AS tokens
        FROM running r
        CROSS JOIN (
            SELECT CAST(3 AS DOUBLE) AS minutes UNION ALL SELECT CAST(30 AS DOUBLE) UNION ALL SELECT CAST(60 AS DOUBLE)
        ) m
    ) counted
) sized
GROUP BY unique_model_id
