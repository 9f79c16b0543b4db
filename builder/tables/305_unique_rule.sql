-- as a view
-- What the rules say of `unique_model_id`: the original behind a copy, otherwise the repository itself.
SELECT
    f.repo_id,
    'unique_model_id' AS column_name,
    coalesce(o.root, f.repo_id) AS value,
    coalesce(o.root, '') AS target,
    CASE WHEN o.root IS NULL THEN 'its weights are its own' ELSE concat('as decided for kind: ', f.rule) END AS rule,
    f.evidence,
    f.confidence,
    20 AS rank
FROM kind_final f
LEFT JOIN origin o ON o.repo_id = f.repo_id
WHERE f.kind <> 'placeholder'
