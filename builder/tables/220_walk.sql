-- repeat until unchanged, from walk_start
-- Strides double each round up to 64, which is as far as nearly all go. Who has come to an end stands still.
SELECT
    w.repo_id,
    CASE WHEN n.repo_id IS NULL OR w.strides >= 64 THEN w.at_id ELSE n.at_id END AS at_id,
    CASE WHEN n.repo_id IS NULL OR w.strides >= 64 THEN w.lowest ELSE least(w.lowest, n.lowest) END AS lowest,
    CASE WHEN n.repo_id IS NULL OR w.strides >= 64 THEN w.strides ELSE w.strides * 2 END AS strides
FROM walk w
LEFT JOIN walk n ON n.repo_id = w.at_id
