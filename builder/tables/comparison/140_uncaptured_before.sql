-- Values that the previous date did not capture: `gaps` says so, or there was no such column yet.
SELECT d.table_name, d.key, d.column_name
FROM difference d
JOIN previous_gaps g ON g.repo_id = d.previous_key AND g.column_name = d.column_name
WHERE d.table_name = 'models' AND g.reason = 'not_captured'
UNION
SELECT d.table_name, d.key, d.column_name
FROM difference d
JOIN previous_lacks l ON l.table_name = d.table_name AND l.column_name = d.column_name
