-- How many repositories and downloads each family has: the largest of a line keeps the plain name, others add the owner
-- who is downloaded most in them.
SELECT
    line, design,
    sum(downloads) AS downloads,
    sum(repositories) AS repositories,
    max_by(owner, concat(lpad(CAST(CAST(downloads AS BIGINT) AS STRING), 20, '0'), owner)) AS owner
FROM (
    SELECT
        p.line, p.design, p.owner,
        sum(CAST(coalesce(r.downloads, 0) AS DOUBLE)) AS downloads,
        count(*) AS repositories
    FROM placed p
    JOIN unique_final u ON u.unique_model_id = p.unique_model_id
    JOIN record r ON r.repo_id = u.repo_id
    GROUP BY p.line, p.design, p.owner
) by_owner
GROUP BY line, design
