-- Limits and cache of each distinct model: what its configuration states, else the curated entry. The cache of one token
-- is keys and values at 16 bits in every layer; layers with a sliding window stop growing at its end, so what they hold
-- is kept apart; a window of unknown size counts as none. The shape of a language model comes whole from one place.
SELECT
    unique_model_id, context_length, max_output_tokens, audio_sampling_rate_hz, audio_window_s, audio_max_s,
    audio_tokens_per_s,
    CAST(4 * layers * kv_heads * head_size AS BIGINT) AS kv_cache_bytes_per_token,
    CAST(4 * (layers - CASE WHEN sliding_window IS NULL THEN 0 ELSE coalesce(sliding_layers, 0) END) * kv_heads * head_size
        AS DOUBLE) AS growing_bytes,
    CAST(4 * CASE WHEN sliding_window IS NULL THEN 0 ELSE coalesce(sliding_layers, 0) END * kv_heads * head_size AS DOUBLE)
        AS sliding_bytes,
    CAST(sliding_window AS DOUBLE) AS sliding_window
FROM (
    SELECT
        u.unique_model_id,
        coalesce(c.context_length, l.context_length) AS context_length,
        coalesce(c.max_output_tokens, a.max_output_tokens) AS max_output_tokens,
        coalesce(c.audio_sampling_rate_hz, a.audio_sampling_rate_hz) AS audio_sampling_rate_hz,
        coalesce(c.audio_window_s, a.audio_window_s) AS audio_window_s,
        coalesce(c.audio_max_s, a.audio_max_s) AS audio_max_s,
        coalesce(c.audio_tokens_per_s, a.audio_tokens_per_s) AS audio_tokens_per_s,
        CASE WHEN c.layers * c.kv_heads * c.head_size IS NULL THEN l.layers ELSE c.layers END AS layers,
        CASE WHEN c.layers * c.kv_heads * c.head_size IS NULL THEN l.kv_heads ELSE c.kv_heads END AS kv_heads,
        CASE WHEN c.layers * c.kv_heads * c.head_size IS NULL THEN l.head_size ELSE c.head_size END AS head_size,
        CASE WHEN c.layers * c.kv_heads * c.head_size IS NULL THEN l.sliding_layers ELSE c.sliding_layers END
            AS sliding_layers,
        CASE WHEN c.layers * c.kv_heads * c.head_size IS NULL THEN l.sliding_window ELSE c.sliding_window END
            AS sliding_window
    FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
    LEFT JOIN configuration_of_unique cu ON cu.unique_model_id = u.unique_model_id
    LEFT JOIN configuration c ON c.repo_id = cu.repo_id
    LEFT JOIN shape ls ON ls.unique_model_id = u.unique_model_id AND ls.slot = 'language_model'
    LEFT JOIN language_model l ON l.scope = ls.scope AND l.name = ls.name
    LEFT JOIN shape sa ON sa.unique_model_id = u.unique_model_id AND sa.slot = 'audio'
    LEFT JOIN audio_fact a ON a.scope = sa.scope AND a.name = sa.name
) stated
