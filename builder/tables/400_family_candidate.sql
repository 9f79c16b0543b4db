-- as a view
-- Candidates for `family_id`: the rule and the correction, if there is one.
SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM family_rule
UNION ALL
SELECT repo_id, column_name, value, '', 'curated correction', 'curated', 'high', 10
FROM correction
WHERE column_name = 'family_id'
