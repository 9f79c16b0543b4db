-- The first stride of the climb that finds cycles: where one step leads, and the smallest id passed.
SELECT repo_id, parent AS at_id, parent AS lowest, CAST(1 AS BIGINT) AS strides
FROM parent
