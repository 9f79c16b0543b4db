-- The unique model of each repository with weights.
SELECT
    c.repo_id, min_by(c.value, c.rank) AS unique_model_id, min_by(c.evidence, c.rank) AS evidence,
    min_by(c.confidence, c.rank) AS confidence
FROM unique_candidate c
GROUP BY c.repo_id
