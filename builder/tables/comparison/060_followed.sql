-- Rows of the previous date that are on this date under the new names of repositories.
SELECT p.table_name, min(p.key) AS previous_key, n.key
FROM previous_row p
JOIN current_row n ON n.table_name = p.table_name AND n.key = p.new_key
WHERE p.new_key <> p.key
GROUP BY p.table_name, n.key
