-- Candidates for modalities and audio domains: one row per element, from the architecture of the distinct model,
-- or of what it comes from.
SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank
FROM (
    SELECT
        u.repo_id, v.column_name, v.value, '' AS target, 'inputs and outputs of its architecture' AS rule,
        CASE WHEN t.type_evidence IN ('config', 'hub') THEN 'architecture' ELSE 'name' END AS evidence,
        CASE WHEN t.type_evidence = 'config' THEN 'high' WHEN t.type_evidence = 'hub' THEN 'medium' ELSE 'low' END
            AS confidence,
        40 AS rank
    FROM unique_final u
    JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
    JOIN architecture_value v ON v.model_type = t.model_type
    UNION ALL
    SELECT
        u.repo_id, v.column_name, v.value, n.root, 'inputs and outputs of what it comes from', 'hub', 'medium', 50
    FROM unique_final u
    JOIN ancestor n ON n.repo_id = u.unique_model_id
    JOIN subject s ON s.repo_id = n.root
    JOIN architecture_value v ON v.model_type = s.model_type
    UNION ALL
    SELECT
        d.repo_id, w.column_name, w.value, '', 'sound as tokens beside text', 'hub', 'low', 30
    FROM audio_decision d
    CROSS JOIN (
        SELECT 'input_modalities' AS column_name, 'audio' AS value
        UNION ALL SELECT 'input_modalities', 'text'
        UNION ALL SELECT 'output_modalities', 'text'
    ) w
    WHERE d.rank = 30
) candidates
