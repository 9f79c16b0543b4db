-- What must be loaded beside a repository's own files. A mirror needs what its original needs.
SELECT DISTINCT repo_id, part FROM part
UNION
SELECT DISTINCT b.repo_id, p.part
FROM borrowed b
JOIN part p ON p.repo_id = b.counted_at_id
WHERE b.lacks_parts
