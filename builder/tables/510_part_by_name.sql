-- Backbone and encoder that words in the name of a delta mean: the longest match of each component wins.
SELECT repo_id, component, part, words
FROM (
    SELECT
        s.repo_id, a.component, a.repo_id AS part, a.words,
        row_number() OVER (PARTITION BY s.repo_id, CASE WHEN a.component = 'language_model' THEN 0 ELSE 1 END
            ORDER BY a.words DESC, a.repo_id) AS place
    FROM subject s
    JOIN unique_final u ON u.repo_id = s.repo_id
    JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
    JOIN backbone_alias a ON a.model_type = t.model_type
    WHERE concat(' ', s.stem, ' ') LIKE concat('% ', a.alias, ' %')
) ranked
WHERE place = 1
