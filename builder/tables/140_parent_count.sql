-- How many bases of each role a repository has.
SELECT
    repo_id,
    sum(CASE WHEN role = 'parent' AND resolved_base_model <> repo_id THEN 1 ELSE 0 END) AS parents,
    sum(CASE WHEN role <> 'parent' THEN 1 ELSE 0 END) AS parts
FROM typed_edge
GROUP BY repo_id
