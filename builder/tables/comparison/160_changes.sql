-- The table `changes`. A value that this date did not capture is not known to have changed.
SELECT
    build.snapshot_date, c.table_name, c.key, c.change, c.column_name, c.before, c.after, c.reason,
    build.previous_snapshot_date
FROM (
    SELECT
        r.table_name, r.key, CASE WHEN s.key IS NULL THEN 'added' ELSE 'scope_added' END AS change, '*' AS column_name,
        CAST(NULL AS STRING) AS before, CAST(NULL AS STRING) AS after, CAST(NULL AS STRING) AS reason
    FROM new_row r
    LEFT JOIN new_scope s ON s.table_name = r.table_name AND s.key = r.key
    UNION ALL
    SELECT
        r.table_name, r.key, 'removed', '*', NULL, NULL,
        -- That a repository still exists says little where nobody asked for its kind.
        coalesce(
            CASE WHEN d.reason <> 'retagged' THEN d.reason END,
            CASE WHEN s.key IS NOT NULL THEN 'scope_dropped' END,
            d.reason
        )
    FROM gone_row r
    LEFT JOIN dropped_scope s ON s.table_name = r.table_name AND s.key = r.key
    LEFT JOIN departed d ON d.repo_id = CASE WHEN r.table_name = 'unique_models' THEN r.key ELSE r.repo_id END
    UNION ALL
    -- Rows of other tables move with their repository, which is said once. Repository ids need no escaping in JSON.
    SELECT
        k.table_name, k.key, 'renamed', '*', concat('"', k.previous_key, '"'), concat('"', k.key, '"'), NULL
    FROM kept k
    WHERE k.table_name IN ('models', 'unique_models') AND k.previous_key <> k.key
    UNION ALL
    SELECT
        d.table_name, d.key, CASE WHEN b.key IS NULL THEN 'changed' ELSE 'first_observed' END, d.column_name, d.before,
        d.after, NULL
    FROM difference d
    LEFT JOIN uncaptured_before b
        ON b.table_name = d.table_name AND b.key = d.key AND b.column_name = d.column_name
    LEFT JOIN uncaptured_now n ON n.table_name = d.table_name AND n.key = d.key AND n.column_name = d.column_name
    WHERE n.key IS NULL
) c
CROSS JOIN build
