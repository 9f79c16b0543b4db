-- What an hour of audio adds to memory, where the cache is known for it: the smallest and the largest model.
SELECT
    count(DISTINCT m.unique_model_id) AS models,
    CAST(min(v.kv_cache_bytes_60min) AS BIGINT) AS least_bytes,
    CAST(max(v.kv_cache_bytes_60min) AS BIGINT) AS most_bytes
FROM variants v
JOIN models m ON m.repo_id = v.repo_id
JOIN unique_models u ON u.unique_model_id = m.unique_model_id
WHERE u.audio_language_model = 'yes' AND v.kv_cache_bytes_60min IS NOT NULL
