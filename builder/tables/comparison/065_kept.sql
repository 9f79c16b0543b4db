-- Rows of both dates, with either key. A renamed repository that has taken the name of another keeps its rows, and those
-- of the other are gone.
SELECT table_name, previous_key, key FROM followed
UNION ALL
SELECT p.table_name, p.key, n.key
FROM previous_row p
JOIN current_row n ON n.table_name = p.table_name AND n.key = p.key
LEFT JOIN followed a ON a.table_name = p.table_name AND a.previous_key = p.key
LEFT JOIN followed b ON b.table_name = n.table_name AND b.key = n.key
WHERE a.key IS NULL AND b.key IS NULL
