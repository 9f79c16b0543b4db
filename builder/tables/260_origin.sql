-- repeat until unchanged, from origin_start
-- The original behind each copy: each round doubles the steps taken.
SELECT o.repo_id, coalesce(n.root, o.root) AS root
FROM origin o
LEFT JOIN origin n ON n.repo_id = o.root
