-- The least memory that each distinct audio-language model needs, and how many need at most 8, 12 and 24 GB.
SELECT
    count(min_memory_bytes) AS sized,
    count(*) AS models,
    CAST(min(min_memory_bytes) AS BIGINT) AS least_bytes,
    CAST(median(min_memory_bytes) AS BIGINT) AS median_bytes,
    count(CASE WHEN min_memory_variant = 'int4' THEN 1 END) AS estimated_4_bit,
    count(CASE WHEN min_memory_bytes <= 8000000000 THEN 1 END) AS in_8_gb,
    count(CASE WHEN min_memory_bytes <= 12000000000 THEN 1 END) AS in_12_gb,
    count(CASE WHEN min_memory_bytes <= 24000000000 THEN 1 END) AS in_24_gb
FROM unique_models
WHERE audio_language_model = 'yes'
