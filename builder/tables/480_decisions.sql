-- as a view
-- Every candidate for every inferred column, losers included: what `builder explain` shows.
SELECT repo_id, column_name, value, target, rule, evidence, confidence, CAST(rank AS BIGINT) AS rank
FROM (
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM kind_candidate
    UNION ALL
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM original_candidate
    UNION ALL
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM cut_candidate
    UNION ALL
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM unique_candidate
    UNION ALL
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM family_candidate
    UNION ALL
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM audio_candidate
    UNION ALL
    SELECT s.repo_id, v.column_name, v.value, s.target, s.rule, s.evidence, s.confidence, 40
    FROM set_source s
    JOIN type_value v ON v.model_type = s.model_type
    UNION ALL
    SELECT repo_id, column_name, value, target, rule, evidence, confidence, rank FROM instruct_candidate
) candidates
