-- List-valued facts over all copies of each distinct model, where they are more than those of the one repository that
-- speaks for it.
SELECT unique_model_id, column_name, array_sort(array_distinct(array_agg(value))) AS elements
FROM (
    SELECT m.unique_model_id, v.column_name, v.value
    FROM models m
    JOIN unique_sum g ON g.unique_model_id = m.unique_model_id AND g.repositories > 1
    JOIN record_value v ON v.repo_id = m.repo_id
    WHERE v.column_name = 'weight_formats'
    UNION ALL
    SELECT unique_model_id, 'quantizations', quantization
    FROM models
    WHERE unique_model_id IS NOT NULL AND quantization IS NOT NULL
    UNION ALL
    SELECT x.unique_model_id, 'required_licenses', coalesce(v.value, 'unknown')
    FROM (
        SELECT DISTINCT p.unique_model_id, p.repo_id FROM representative p JOIN external x ON x.repo_id = p.repo_id
    ) x
    LEFT JOIN record_value v ON v.repo_id = x.repo_id AND v.column_name = 'license'
    UNION ALL
    SELECT p.unique_model_id, 'required_licenses', coalesce(b.license, 'unknown')
    FROM representative p
    JOIN external x ON x.repo_id = p.repo_id
    LEFT JOIN backbone b ON b.repo_id = x.part
    UNION ALL
    SELECT p.unique_model_id, 'external_components', x.part
    FROM representative p
    JOIN external x ON x.repo_id = p.repo_id
) gathered
GROUP BY unique_model_id, column_name
