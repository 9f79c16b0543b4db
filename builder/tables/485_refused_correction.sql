-- Corrections that correct nothing, and why: a hand-kept fact that no longer acts must not go unnoticed.
-- The best candidate of the rules is what the value would be without its correction.
SELECT
    c.repo_id,
    c.column_name,
    c.value,
    CASE
        WHEN r.repo_id IS NULL THEN 'be about a repository of the evidence'
        WHEN a.repo_id IS NULL THEN 'be about a column whose step takes corrections'
        ELSE concat('be needed, but without it the rule says the same: ', d.rule)
    END AS reason
FROM correction c
LEFT JOIN record r ON r.repo_id = c.repo_id
LEFT JOIN (SELECT DISTINCT repo_id, column_name FROM decisions WHERE rule = 'curated correction') a
    ON a.repo_id = c.repo_id AND a.column_name = c.column_name
LEFT JOIN (
    SELECT
        x.repo_id, x.column_name, x.value, x.target, x.rule,
        row_number() OVER (PARTITION BY x.repo_id, x.column_name ORDER BY x.rank, x.rule, x.value, x.target) AS place
    FROM decisions x
    JOIN correction y ON y.repo_id = x.repo_id AND y.column_name = x.column_name
    WHERE x.rule <> 'curated correction'
) d ON d.repo_id = c.repo_id AND d.column_name = c.column_name AND d.place = 1
WHERE r.repo_id IS NULL OR a.repo_id IS NULL
    OR (d.value = c.value AND (c.column_name <> 'kind' OR d.target = c.target))
