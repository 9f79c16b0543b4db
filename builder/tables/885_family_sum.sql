-- Sums over the repositories of each family. Lists are joined to them afterwards: grouping by lists is dear.
SELECT
    family_id,
    count(*) AS repositories,
    sum(CASE WHEN kind = 'original' THEN 1 ELSE 0 END) AS original_count,
    sum(CASE WHEN kind = 'finetune' THEN 1 ELSE 0 END) AS finetune_count,
    sum(CASE WHEN kind = 'adapter' THEN 1 ELSE 0 END) AS adapter_count,
    sum(CASE WHEN kind = 'merge' THEN 1 ELSE 0 END) AS merge_count,
    sum(CASE WHEN kind = 'quantized' THEN 1 ELSE 0 END) AS quantized_count,
    sum(CASE WHEN kind = 'conversion' THEN 1 ELSE 0 END) AS conversion_count,
    sum(CASE WHEN kind = 'mirror' THEN 1 ELSE 0 END) AS mirror_count,
    sum(CASE WHEN kind = 'placeholder' THEN 1 ELSE 0 END) AS placeholder_count,
    sum(downloads) AS downloads,
    sum(likes) AS likes,
    min(created_at) AS first_created_at,
    max(last_modified) AS last_modified
FROM models
WHERE family_id IS NOT NULL
GROUP BY family_id
