-- The table `changes` on a first date: every row of every table is new.
SELECT
    build.snapshot_date, r.table_name, r.key, 'added' AS change, '*' AS column_name,
    NULL AS before, NULL AS after, NULL AS reason, build.previous_snapshot_date
FROM (
{rows_of_tables}
) r
CROSS JOIN build
