-- Limits and cache of each distinct model. The cache of one token is keys and values at 16 bits in every layer; layers
-- with a sliding window stop growing at its end, so what they hold is kept apart.
SELECT
    u.unique_model_id,
    l.context_length,
    a.max_output_tokens,
    a.audio_sampling_rate_hz,
    a.audio_window_s,
    a.audio_max_s,
    a.audio_tokens_per_s,
    CAST(4 * l.layers * l.kv_heads * l.head_size AS BIGINT) AS kv_cache_bytes_per_token,
    CAST(4 * (l.layers - coalesce(l.sliding_layers, 0)) * l.kv_heads * l.head_size AS DOUBLE) AS growing_bytes,
    CAST(4 * coalesce(l.sliding_layers, 0) * l.kv_heads * l.head_size AS DOUBLE) AS sliding_bytes,
    CAST(l.sliding_window AS DOUBLE) AS sliding_window
FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
LEFT JOIN shape ls ON ls.unique_model_id = u.unique_model_id AND ls.slot = 'language_model'
LEFT JOIN language_model l ON l.scope = ls.scope AND l.name = ls.name
LEFT JOIN shape sa ON sa.unique_model_id = u.unique_model_id AND sa.slot = 'audio'
LEFT JOIN audio_fact a ON a.scope = sa.scope AND a.name = sa.name
