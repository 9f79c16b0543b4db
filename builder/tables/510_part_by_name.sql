-- Backbone and encoder that words in a name mean, or that every model of the design stands on: the longest match of each
-- slot wins, and a design's own parts come last.
SELECT repo_id, slot, component, part, words
FROM (
    SELECT
        repo_id, slot, component, part, words,
        row_number() OVER (PARTITION BY repo_id, slot ORDER BY words DESC, part) AS place
    FROM (
        SELECT
            s.repo_id, CASE WHEN a.component = 'language_model' THEN 'language_model' ELSE 'encoder' END AS slot,
            a.component, a.repo_id AS part, a.words
        FROM subject s
        JOIN unique_final u ON u.repo_id = s.repo_id
        JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
        JOIN backbone_alias a ON a.model_type = t.model_type
        WHERE concat(' ', s.stem, ' ') LIKE concat('% ', a.alias, ' %')
        UNION ALL
        SELECT
            u.repo_id, CASE WHEN p.component = 'language_model' THEN 'language_model' ELSE 'encoder' END, p.component,
            p.repo_id, 0
        FROM unique_final u
        JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
        JOIN design_part p ON p.model_type = t.model_type
    ) matched
) ranked
WHERE place = 1
