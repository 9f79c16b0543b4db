-- The unique model of each repository with weights.
SELECT repo_id, value AS unique_model_id
FROM (
    SELECT d.repo_id, d.value, row_number() OVER (PARTITION BY d.repo_id ORDER BY d.rank, d.rule, d.value) AS place
    FROM unique_decision d
    JOIN kind_final f ON f.repo_id = d.repo_id AND f.kind <> 'placeholder'
) ranked
WHERE place = 1
