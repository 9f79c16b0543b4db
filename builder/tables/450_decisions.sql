-- Every candidate for every inferred column, losers included.
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) AS rank FROM kind_decision
UNION ALL
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) FROM unique_decision
UNION ALL
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) FROM family_decision
UNION ALL
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) FROM audio_decision
UNION ALL
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) FROM set_decision
UNION ALL
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) FROM instruct_decision
