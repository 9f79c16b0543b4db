-- List-valued facts over all repositories of each family.
SELECT family_id, column_name, array_sort(array_distinct(array_agg(value))) AS elements
FROM (
    SELECT m.family_id, v.column_name, v.value
    FROM models m
    JOIN record_value v ON v.repo_id = m.repo_id
    WHERE m.family_id IS NOT NULL AND v.column_name IN ('license', 'language', 'weight_formats')
    UNION ALL
    SELECT family_id, 'quantizations', quantization
    FROM models
    WHERE family_id IS NOT NULL AND quantization IS NOT NULL
    UNION ALL
    SELECT m.family_id, 'backbones', l.resolved_base_model
    FROM models m
    JOIN lineage l ON l.repo_id = m.repo_id
    WHERE m.family_id IS NOT NULL AND l.relation = 'backbone' AND l.resolved_base_model IS NOT NULL
    UNION ALL
    SELECT m.family_id, 'authors', s.owner
    FROM models m
    JOIN subject s ON s.repo_id = m.unique_model_id
    WHERE m.family_id IS NOT NULL
) gathered
GROUP BY family_id, column_name
