-- The family of each repository with weights. There is one rule, so a correction either stands or does not.
SELECT
    r.repo_id,
    coalesce(c.value, r.value) AS family_id,
    CASE WHEN c.repo_id IS NULL THEN r.evidence ELSE 'curated' END AS evidence,
    CASE WHEN c.repo_id IS NULL THEN r.confidence ELSE 'high' END AS confidence
FROM family_rule r
LEFT JOIN correction c ON c.repo_id = r.repo_id AND c.column_name = 'family_id'
