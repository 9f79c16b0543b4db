-- repeat until unchanged, from ancestor_start
-- The first of each line of descent: each round doubles the steps taken.
SELECT a.repo_id, coalesce(n.root, a.root) AS root
FROM ancestor a
LEFT JOIN ancestor n ON n.repo_id = a.root
