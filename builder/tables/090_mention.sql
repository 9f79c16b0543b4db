-- How often an id is named as a base by others.
SELECT resolved_base_model AS repo_id, count(DISTINCT repo_id) AS mentions
FROM edge
WHERE resolved_base_model IS NOT NULL AND resolved_base_model <> repo_id
GROUP BY resolved_base_model
