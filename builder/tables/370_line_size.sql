-- How many repositories and downloads each family candidate has: the largest keeps the plain name.
SELECT
    l.label,
    min(l.line) AS line,
    min(l.owner) AS owner,
    sum(CAST(coalesce(r.downloads, 0) AS DOUBLE)) AS downloads,
    count(*) AS repositories
FROM line_label l
JOIN ancestor_of_unique a ON concat(a.line, ' ', a.owner) = l.node
    AND coalesce(a.design, concat('of ', a.owner)) = l.design
JOIN unique_final u ON u.unique_model_id = a.unique_model_id
JOIN record r ON r.repo_id = u.repo_id
GROUP BY l.label
