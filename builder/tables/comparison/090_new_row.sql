-- Rows that only this date has.
SELECT n.table_name, n.key, n.repo_id
FROM current_row n
LEFT JOIN kept k ON k.table_name = n.table_name AND k.key = n.key
WHERE k.key IS NULL
