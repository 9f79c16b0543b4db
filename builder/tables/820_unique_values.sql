-- List-valued facts over all copies of each distinct model.
SELECT unique_model_id, column_name, array_sort(array_distinct(array_agg(value))) AS elements
FROM (
    SELECT m.unique_model_id, v.column_name, v.value
    FROM models m
    JOIN record_value v ON v.repo_id = m.repo_id
    WHERE m.unique_model_id IS NOT NULL AND v.column_name = 'weight_formats'
    UNION ALL
    SELECT unique_model_id, 'quantizations', quantization
    FROM models
    WHERE unique_model_id IS NOT NULL AND quantization IS NOT NULL
    UNION ALL
    SELECT p.unique_model_id, v.column_name, v.value
    FROM representative p
    JOIN record_value v ON v.repo_id = p.repo_id
    WHERE v.column_name IN ('license', 'language')
    UNION ALL
    SELECT p.unique_model_id, 'required_licenses', v.value
    FROM representative p
    JOIN record_value v ON v.repo_id = p.repo_id AND v.column_name = 'license'
    UNION ALL
    SELECT p.unique_model_id, 'required_licenses', 'unknown'
    FROM representative p
    LEFT JOIN record_value v ON v.repo_id = p.repo_id AND v.column_name = 'license'
    WHERE v.repo_id IS NULL
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
