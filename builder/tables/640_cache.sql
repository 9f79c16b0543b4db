-- The key-value cache of each distinct model for some minutes of audio; null where that is more than its context.
SELECT
    unique_model_id,
    max(CASE WHEN minutes = 3 THEN bytes END) AS bytes_3min,
    max(CASE WHEN minutes = 30 THEN bytes END) AS bytes_30min,
    max(CASE WHEN minutes = 60 THEN bytes END) AS bytes_60min
FROM (
    SELECT
        r.unique_model_id, m.minutes,
        CASE WHEN ceil(m.minutes * 60 * r.audio_tokens_per_s) <= r.context_length THEN CAST(ceil(
            r.growing_bytes * ceil(m.minutes * 60 * r.audio_tokens_per_s)
            + r.sliding_bytes * least(ceil(m.minutes * 60 * r.audio_tokens_per_s), coalesce(r.sliding_window, 0))
        ) AS BIGINT) END AS bytes
    FROM running r
    CROSS JOIN (
        SELECT CAST(3 AS DOUBLE) AS minutes UNION ALL SELECT CAST(30 AS DOUBLE) UNION ALL SELECT CAST(60 AS DOUBLE)
    ) m
) sized
GROUP BY unique_model_id
