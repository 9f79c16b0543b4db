-- The kind of each repository and what it refers to.
SELECT
    k.repo_id,
    coalesce(c.value, k.kind) AS kind,
    CASE WHEN c.repo_id IS NULL THEN k.target END AS target,
    coalesce(c.rule, k.rule) AS rule,
    coalesce(c.evidence, k.evidence) AS evidence,
    coalesce(c.confidence, k.confidence) AS confidence
FROM kind_choice k
LEFT JOIN cut_candidate c ON c.repo_id = k.repo_id
