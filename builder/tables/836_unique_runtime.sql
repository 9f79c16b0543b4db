-- Programs that take the design of a distinct model, as lists, by how it fares there.
SELECT t.unique_model_id, r.status, array_sort(array_distinct(array_agg(r.runtime))) AS elements
FROM type_of_unique t
JOIN runtime_support r ON r.model_type = t.model_type
GROUP BY t.unique_model_id, r.status
