-- Values that this date did not capture, likewise.
SELECT d.table_name, d.key, d.column_name
FROM difference d
JOIN gaps g ON g.repo_id = d.key AND g.column_name = d.column_name
WHERE d.table_name = 'models' AND g.reason = 'not_captured'
UNION
SELECT d.table_name, d.key, d.column_name
FROM difference d
JOIN current_lacks l ON l.table_name = d.table_name AND l.column_name = d.column_name
