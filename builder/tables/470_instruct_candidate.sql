-- as a view
-- Candidates for `instruction_tuned`, from words in the name of the distinct model.
SELECT
    u.repo_id,
    'instruction_tuned' AS column_name,
    CASE WHEN s.instruct_word THEN 'true' ELSE 'false' END AS value,
    '' AS target,
    CASE WHEN s.instruct_word THEN 'a word in the name says instruct' ELSE 'a word in the name says base' END AS rule,
    'name' AS evidence,
    CASE WHEN s.instruct_word AND s.base_word THEN 'low' ELSE 'medium' END AS confidence,
    40 AS rank
FROM unique_final u
JOIN subject s ON s.repo_id = u.unique_model_id
WHERE s.instruct_word OR s.base_word
