-- repeat until unchanged, from long_walk_start
-- These few go on alone: 2^22 strides pass every id of four million.
SELECT
    w.repo_id,
    CASE WHEN w.strides >= 4194304 THEN w.at_id ELSE coalesce(n.at_id, w.at_id) END AS at_id,
    CASE WHEN n.repo_id IS NULL THEN w.lowest ELSE least(w.lowest, n.lowest) END AS lowest,
    CASE WHEN n.repo_id IS NULL OR w.strides >= 4194304 THEN w.strides ELSE w.strides * 2 END AS strides
FROM long_walk w
LEFT JOIN long_walk n ON n.repo_id = w.at_id
