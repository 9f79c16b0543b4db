-- The architecture of each record: configuration first, then class, then a single matching tag, then the name.
SELECT
    r.repo_id,
    coalesce(byconfig.model_type, byclass.model_type, bytag.model_type, byname.model_type) AS model_type,
    CASE
        WHEN byconfig.model_type IS NOT NULL OR byclass.model_type IS NOT NULL THEN 'config'
        WHEN bytag.model_type IS NOT NULL THEN 'hub'
        ELSE 'name'
    END AS type_evidence
FROM record r
LEFT JOIN architecture byconfig ON byconfig.model_type = r.model_type
LEFT JOIN (
    SELECT v.repo_id, min(a.model_type) AS model_type
    FROM record_value v
    JOIN architecture_alias a ON a.alias_kind = 'class' AND a.alias = v.value
    WHERE v.column_name = 'architectures'
    GROUP BY v.repo_id
) byclass ON byclass.repo_id = r.repo_id
LEFT JOIN (
    SELECT v.repo_id, min(a.model_type) AS model_type
    FROM record_value v
    JOIN architecture a ON a.model_type = v.value
    WHERE v.column_name = 'tags'
    GROUP BY v.repo_id
    HAVING count(DISTINCT a.model_type) = 1
) bytag ON bytag.repo_id = r.repo_id
LEFT JOIN type_of_name byname ON byname.repo_id = r.repo_id AND r.model_type IS NULL
WHERE coalesce(byconfig.model_type, byclass.model_type, bytag.model_type, byname.model_type) IS NOT NULL
