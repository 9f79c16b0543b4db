-- The winning elements of each set-valued column: all elements of the strongest rule.
SELECT
    d.repo_id, d.column_name,
    array_sort(array_distinct(array_agg(d.value))) AS elements,
    min(d.evidence) AS evidence,
    min(d.confidence) AS confidence
FROM decisions d
JOIN (
    SELECT repo_id, column_name, min(rank) AS rank
    FROM decisions
    WHERE column_name IN ('input_modalities', 'output_modalities', 'audio_domains')
    GROUP BY repo_id, column_name
) best ON best.repo_id = d.repo_id AND best.column_name = d.column_name AND best.rank = d.rank
GROUP BY d.repo_id, d.column_name
