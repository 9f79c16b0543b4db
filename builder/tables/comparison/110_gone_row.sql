-- Rows that only the previous date has.
SELECT p.table_name, p.key, p.repo_id
FROM previous_row p
LEFT JOIN kept k ON k.table_name = p.table_name AND k.previous_key = p.key
WHERE k.key IS NULL
