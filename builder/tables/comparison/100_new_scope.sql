-- New rows that no query of the previous date could have brought: all repositories that they are about came with a query
-- that was not asked then. Rows about no repository, such as counts of tasks, came with none.
SELECT r.table_name, r.key
FROM (
    SELECT table_name, key, repo_id FROM new_row WHERE repo_id IS NOT NULL
    UNION ALL
    SELECT r.table_name, r.key, m.repo_id
    FROM new_row r
    JOIN models m ON m.unique_model_id = r.key
    WHERE r.table_name = 'unique_models'
    UNION ALL
    SELECT r.table_name, r.key, m.repo_id
    FROM new_row r
    JOIN models m ON m.family_id = r.key
    WHERE r.table_name = 'families'
) r
CROSS JOIN build
LEFT JOIN asked_before a ON a.repo_id = r.repo_id
WHERE build.previous_snapshot_date IS NOT NULL
GROUP BY r.table_name, r.key
HAVING count(a.repo_id) = 0
