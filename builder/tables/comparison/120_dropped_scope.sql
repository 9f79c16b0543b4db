-- Gone rows that no query of this date could have brought, as for new ones.
SELECT r.table_name, r.key
FROM (
    SELECT table_name, key, repo_id FROM gone_row WHERE repo_id IS NOT NULL
    UNION ALL
    SELECT r.table_name, r.key, m.repo_id
    FROM gone_row r
    JOIN previous_models m ON m.unique_model_id = r.key
    WHERE r.table_name = 'unique_models'
    UNION ALL
    SELECT r.table_name, r.key, m.repo_id
    FROM gone_row r
    JOIN previous_models m ON m.family_id = r.key
    WHERE r.table_name = 'families'
) r
LEFT JOIN asked_now a ON a.repo_id = r.repo_id
GROUP BY r.table_name, r.key
HAVING count(a.repo_id) = 0
