-- The same as a list.
SELECT repo_id, array_sort(array_distinct(array_agg(part))) AS elements FROM external GROUP BY repo_id
