-- Candidates for `unique_model_id`: the original behind a copy, otherwise the repository itself.
SELECT
    f.repo_id,
    'unique_model_id' AS column_name,
    coalesce(o.root, f.repo_id) AS value,
    CASE WHEN o.root IS NULL THEN '' ELSE o.root END AS target,
    CASE WHEN o.root IS NULL THEN 'its weights are its own' ELSE concat('as decided for kind: ', k.rule) END AS rule,
    k.evidence,
    k.confidence,
    CAST(k.rank AS INTEGER) AS rank
FROM kind_final f
JOIN (
    SELECT repo_id, rule, evidence, confidence, rank,
        row_number() OVER (PARTITION BY repo_id ORDER BY rank, rule, value, target) AS place
    FROM kind_decision
) k ON k.repo_id = f.repo_id AND k.place = 1
LEFT JOIN origin o ON o.repo_id = f.repo_id
WHERE f.kind <> 'placeholder'
UNION ALL
SELECT repo_id, column_name, value, value, 'curated correction', 'curated', 'high', 1
FROM correction
WHERE column_name = 'unique_model_id'
