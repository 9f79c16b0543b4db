-- The winning candidate for `kind`, before cycles are cut.
SELECT repo_id, value AS kind, CASE WHEN target = '' THEN NULL ELSE target END AS target
FROM (
    SELECT
        repo_id, value, target,
        row_number() OVER (PARTITION BY repo_id ORDER BY rank, rule, value, target) AS place
    FROM kind_candidate
) ranked
WHERE place = 1
