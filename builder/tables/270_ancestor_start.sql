-- Where the climb has come so far: the walk that looked for cycles went to the end wherever there was none; the others
-- start again with one step, now that the cycles are cut.
SELECT
    u.repo_id,
    CASE WHEN l.repo_id IS NULL THEN w.at_id WHEN l.strides < 4194304 THEN l.at_id ELSE u.parent END AS root
FROM upward u
JOIN walk w ON w.repo_id = u.repo_id
LEFT JOIN long_walk l ON l.repo_id = u.repo_id
