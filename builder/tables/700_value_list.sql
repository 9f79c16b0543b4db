-- List-valued facts of each record, sorted and without repetition.
SELECT repo_id, column_name, array_sort(array_distinct(array_agg(value))) AS elements
FROM record_value
GROUP BY repo_id, column_name
