-- The variant of each family that needs the least memory.
SELECT family_id, min_memory_bytes, repo_id, variant
FROM (
    SELECT family_id, min_memory_bytes, repo_id, variant,
        row_number() OVER (PARTITION BY family_id ORDER BY min_memory_bytes, repo_id, variant) AS place
    FROM least_variant
) ranked
WHERE place = 1
