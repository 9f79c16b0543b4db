-- The winning candidate for `kind`, before cycles are cut.
SELECT
    o.repo_id,
    coalesce(c.value, o.value) AS kind,
    CASE WHEN c.target <> '' THEN c.target END AS target,
    coalesce(c.rule, o.rule) AS rule,
    coalesce(c.evidence, o.evidence) AS evidence,
    coalesce(c.confidence, o.confidence) AS confidence
FROM original_candidate o
LEFT JOIN (
    SELECT
        repo_id, min_by(value, rank) AS value, min_by(target, rank) AS target, min_by(rule, rank) AS rule,
        min_by(evidence, rank) AS evidence, min_by(confidence, rank) AS confidence
    FROM kind_candidate
    GROUP BY repo_id
) c ON c.repo_id = o.repo_id
