-- The family of each repository with weights.
SELECT
    repo_id, min_by(value, rank) AS family_id, min_by(evidence, rank) AS evidence,
    min_by(confidence, rank) AS confidence
FROM family_candidate
GROUP BY repo_id
