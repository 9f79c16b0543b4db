-- Packed weights without a counted original: the Hub may have unpacked them already or not. Both readings are held
-- against the size in the name, and the closer one is kept if it is within 20 %, as names round (`7B` for 7.6) and the two
-- readings differ by a factor of two and more; otherwise the count stays open.
SELECT
    repo_id,
    abs(by_bits - expected) < abs(as_is - expected) AS is_packed,
    CASE WHEN abs(by_bits - expected) < abs(as_is - expected) THEN by_bits ELSE as_is END AS logical_parameters
FROM (
    SELECT
        p.repo_id,
        sum(CAST(p.stored_elements AS DOUBLE)) AS as_is,
        sum(CAST(p.stored_elements AS DOUBLE) * f.weights_per_element) AS by_bits,
        max(n.stated_billions) * 1000000000 AS expected
    FROM parameter_count p
    JOIN packing f ON f.repo_id = p.repo_id AND f.dtype = p.dtype
    JOIN known_name n ON n.repo_id = p.repo_id AND n.stated_billions IS NOT NULL
    WHERE p.source = 'safetensors_hub'
    GROUP BY p.repo_id
) readings
WHERE least(abs(as_is - expected), abs(by_bits - expected)) <= 0.2 * expected
