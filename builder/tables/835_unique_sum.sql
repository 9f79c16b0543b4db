-- Sums over the repositories of each distinct model. Lists are joined to them afterwards: grouping by lists is dear.
SELECT
    g.unique_model_id,
    array_sort(array_distinct(array_agg(s.owner))) AS authors,
    count(*) AS repositories,
    sum(CASE WHEN g.kind = 'original' THEN 1 ELSE 0 END) AS original_count,
    sum(CASE WHEN g.kind = 'finetune' THEN 1 ELSE 0 END) AS finetune_count,
    sum(CASE WHEN g.kind = 'adapter' THEN 1 ELSE 0 END) AS adapter_count,
    sum(CASE WHEN g.kind = 'merge' THEN 1 ELSE 0 END) AS merge_count,
    sum(CASE WHEN g.kind = 'quantized' THEN 1 ELSE 0 END) AS quantized_count,
    sum(CASE WHEN g.kind = 'conversion' THEN 1 ELSE 0 END) AS conversion_count,
    sum(CASE WHEN g.kind = 'mirror' THEN 1 ELSE 0 END) AS mirror_count,
    sum(CASE WHEN g.kind = 'placeholder' THEN 1 ELSE 0 END) AS placeholder_count,
    sum(g.downloads) AS downloads,
    max(CASE WHEN g.repo_id = g.unique_model_id THEN g.downloads END) AS downloads_root,
    sum(g.likes) AS likes,
    min(g.created_at) AS first_created_at,
    max(g.last_modified) AS last_modified
FROM models g
JOIN subject s ON s.repo_id = g.unique_model_id
GROUP BY g.unique_model_id
