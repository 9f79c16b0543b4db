-- The winner of each single-valued column.
SELECT repo_id, column_name, value, target, rule, evidence, confidence
FROM (
    SELECT
        d.repo_id, d.column_name, d.value, d.target, d.rule, d.evidence, d.confidence,
        row_number() OVER (PARTITION BY d.repo_id, d.column_name ORDER BY d.rank, d.rule, d.value, d.target) AS place
    FROM decisions d
    WHERE d.column_name IN ('kind', 'unique_model_id', 'family_id', 'audio_language_model', 'instruction_tuned')
) ranked
WHERE place = 1
