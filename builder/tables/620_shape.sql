-- The shape of the language model that each distinct model runs on, and what it does with sound: the narrowest curated
-- entry that is about it. A model whose own size equals a known text model of its design, by the name of that model's
-- line, has that shape.
SELECT unique_model_id, slot, scope, name
FROM (
    SELECT
        unique_model_id, slot, scope, name,
        row_number() OVER (PARTITION BY unique_model_id, slot ORDER BY place, name) AS nth
    FROM (
        SELECT u.unique_model_id, 'language_model' AS slot, l.scope, l.name, 0 AS place
        FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
        JOIN language_model l ON l.scope = 'unique_model_id' AND l.name = u.unique_model_id
        UNION ALL
        SELECT u.unique_model_id, 'language_model', l.scope, l.name, 1
        FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
        JOIN subject s ON s.repo_id = u.unique_model_id
        JOIN language_model l ON l.scope = 'line' AND l.name = s.line
        UNION ALL
        SELECT t.unique_model_id, 'language_model', l.scope, l.name, 2
        FROM type_of_unique t
        JOIN language_model l ON l.scope = 'model_type' AND l.name = t.model_type
        UNION ALL
        SELECT u.unique_model_id, 'language_model', l.scope, l.name, 3
        FROM unique_final u
        JOIN built_on b ON b.repo_id = u.repo_id AND b.slot = 'language_model'
        JOIN language_model l ON l.scope = 'repo_id' AND l.name = b.part
        UNION ALL
        SELECT u.unique_model_id, 'language_model', l.scope, l.name, 4
        FROM unique_final u
        JOIN upward w ON w.repo_id = u.unique_model_id
        JOIN language_model l ON l.scope = 'repo_id' AND l.name = w.parent
        UNION ALL
        SELECT u.unique_model_id, 'language_model', l.scope, l.name, 5
        FROM unique_final u
        JOIN upward w ON w.repo_id = u.unique_model_id
        JOIN type_of_unique t ON t.unique_model_id = w.parent
        JOIN language_model l ON l.scope = 'model_type' AND l.name = t.model_type
        UNION ALL
        SELECT t.unique_model_id, 'language_model', l.scope, l.name, 6
        FROM type_of_unique t
        JOIN subject s ON s.repo_id = t.unique_model_id
        JOIN own_sum o ON o.repo_id = t.unique_model_id
        JOIN backbone b ON b.model_type = t.model_type AND b.component = 'language_model'
        JOIN known_name k ON k.repo_id = b.repo_id
        JOIN language_model l ON l.scope = 'repo_id' AND l.name = b.repo_id
        WHERE abs(o.logical_parameters - b.logical_parameters) <= o.logical_uncertainty + 0.001 * b.logical_parameters
            AND concat(' ', s.stem, ' ') LIKE concat('% ', replace(replace(k.line, '-', ' '), '.', ' '), ' %')
        UNION ALL
        SELECT u.unique_model_id, 'audio', a.scope, a.name, 0
        FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
        JOIN subject s ON s.repo_id = u.unique_model_id
        JOIN audio_fact a ON a.scope = 'line' AND a.name = s.line
        UNION ALL
        SELECT t.unique_model_id, 'audio', a.scope, a.name, 1
        FROM type_of_unique t
        JOIN audio_fact a ON a.scope = 'model_type' AND a.name = t.model_type
        UNION ALL
        SELECT u.unique_model_id, 'audio', a.scope, a.name, 2
        FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
        JOIN ancestor n ON n.repo_id = u.unique_model_id
        JOIN subject s ON s.repo_id = n.root
        JOIN audio_fact a ON a.scope = 'model_type' AND a.name = s.model_type
    ) found
) ranked
WHERE nth = 1
