-- Upward edges that would close a cycle: the one that leaves the smallest id of the cycle, which alone comes back to
-- itself as the smallest id on its own way.
SELECT repo_id
FROM long_walk
WHERE lowest = repo_id AND strides >= 4194304
