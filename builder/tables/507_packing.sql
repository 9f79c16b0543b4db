-- How many weights one stored element of a packed repository may hold, by data type and bits per weight.
SELECT
    p.repo_id,
    p.dtype,
    CASE
        WHEN p.dtype IN ('I32', 'U32') THEN floor(32 / r.bits_per_weight)
        WHEN p.dtype IN ('U8', 'I8') THEN floor(8 / r.bits_per_weight)
        ELSE CAST(1 AS DOUBLE)
    END AS weights_per_element
FROM parameter_count p
JOIN record r ON r.repo_id = p.repo_id AND r.packed AND r.bits_per_weight IS NOT NULL
WHERE p.source = 'safetensors_hub'
