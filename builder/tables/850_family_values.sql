-- List-valued facts over all repositories of each family, each value once before lists are made of them: a large family
-- says the same thousands of times.
SELECT family_id, column_name, array_sort(array_agg(value)) AS elements
FROM (
    SELECT m.family_id, v.column_name, v.value
    FROM models m
    JOIN record_value v ON v.repo_id = m.repo_id
    WHERE m.family_id IS NOT NULL AND v.column_name IN ('license', 'language', 'weight_formats')
    UNION
    SELECT family_id, 'quantizations', quantization
    FROM models
    WHERE family_id IS NOT NULL AND quantization IS NOT NULL
    UNION
    SELECT m.family_id, 'backbones', l.resolved_base_model
    FROM models m
    JOIN lineage l ON l.repo_id = m.repo_id
    WHERE m.family_id IS NOT NULL AND l.relation = 'backbone' AND l.resolved_base_model IS NOT NULL
    UNION
    SELECT m.family_id, 'authors', s.owner
    FROM models m
    JOIN subject s ON s.repo_id = m.unique_model_id
    WHERE m.family_id IS NOT NULL
) gathered
GROUP BY family_id, column_name
