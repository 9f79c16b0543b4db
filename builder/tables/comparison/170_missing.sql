-- Repositories that some earlier date has and this one does not. Each date has a row for every repository seen until
-- then, so the last date of the previous history tells.
SELECT h.repo_id, h.hub_id
FROM previous_history h
JOIN (SELECT max(snapshot_date) AS snapshot_date FROM previous_history) l ON l.snapshot_date = h.snapshot_date
LEFT JOIN models m ON m.repo_id = h.repo_id
LEFT JOIN (SELECT DISTINCT hub_id FROM models WHERE hub_id IS NOT NULL) i ON i.hub_id = h.hub_id
LEFT JOIN moved v ON v.previous_id = h.repo_id
WHERE m.repo_id IS NULL AND i.hub_id IS NULL AND v.previous_id IS NULL
