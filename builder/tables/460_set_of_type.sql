-- The same per architecture, as lists.
SELECT model_type, column_name, array_sort(array_distinct(array_agg(value))) AS elements
FROM type_value
GROUP BY model_type, column_name
