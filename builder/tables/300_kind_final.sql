-- The kind of each repository and what it refers to.
SELECT
    k.repo_id,
    CASE WHEN c.repo_id IS NOT NULL THEN 'original' ELSE k.kind END AS kind,
    CASE WHEN c.repo_id IS NOT NULL THEN NULL ELSE k.target END AS target
FROM kind_choice k
LEFT JOIN cut c ON c.repo_id = k.repo_id
