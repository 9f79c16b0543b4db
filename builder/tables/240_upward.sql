-- The upward edges without cycles.
SELECT p.repo_id, p.parent, p.is_copy
FROM parent p
LEFT JOIN cut c ON c.repo_id = p.repo_id
WHERE c.repo_id IS NULL
