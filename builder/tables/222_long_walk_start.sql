-- Who has not come to an end by then, in a cycle, before one or on a longer way, with those where they stand.
WITH open AS (
    SELECT w.repo_id, w.at_id, w.lowest, w.strides
    FROM walk w
    JOIN walk n ON n.repo_id = w.at_id
    WHERE w.strides >= 64
)
SELECT repo_id, at_id, lowest, strides FROM open
UNION
SELECT n.repo_id, n.at_id, n.lowest, n.strides
FROM open o
JOIN walk n ON n.repo_id = o.at_id
