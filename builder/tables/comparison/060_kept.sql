-- Rows of both dates, with either key. Where a renamed repository has taken the name of another, its rows live on and
-- those of the other are gone.
SELECT p.table_name, p.key AS previous_key, n.key
FROM (
    SELECT table_name, min(key) AS key, new_key
    FROM previous_row
    WHERE new_key <> key
    GROUP BY table_name, new_key
    UNION ALL
    SELECT r.table_name, r.key, r.new_key
    FROM previous_row r
    LEFT JOIN (SELECT DISTINCT table_name, new_key FROM previous_row WHERE new_key <> key) taken
        ON taken.table_name = r.table_name AND taken.new_key = r.key
    WHERE r.new_key = r.key AND taken.new_key IS NULL
) p
JOIN current_row n ON n.table_name = p.table_name AND n.key = p.new_key
