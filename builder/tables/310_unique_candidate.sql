-- as a view
-- Candidates for `unique_model_id`: the rule and the correction, if there is one.
SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM unique_rule
UNION ALL
SELECT repo_id, column_name, value, value, 'curated correction', 'curated', 'high', 10
FROM correction
WHERE column_name = 'unique_model_id'
