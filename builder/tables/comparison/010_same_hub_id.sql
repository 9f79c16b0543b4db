-- Repositories that the Hub's own id shows on both dates, whatever their names. An id that two repositories of a date
-- share shows nothing.
SELECT p.repo_id AS previous_id, n.repo_id AS current_id
FROM (
    SELECT hub_id, min(repo_id) AS repo_id
    FROM previous_models
    WHERE hub_id IS NOT NULL
    GROUP BY hub_id
    HAVING count(*) = 1
) p
JOIN (
    SELECT hub_id, min(repo_id) AS repo_id FROM models WHERE hub_id IS NOT NULL GROUP BY hub_id HAVING count(*) = 1
) n ON n.hub_id = p.hub_id
