-- Repositories that answered under another name when they were asked for, where one of the dates does not know their
-- Hub id. The old name must be gone and the new one must be new, or they are two repositories.
SELECT d.repo_id AS previous_id, d.renamed_to AS current_id
FROM (
    SELECT renamed_to, min(repo_id) AS repo_id
    FROM departed
    WHERE renamed_to IS NOT NULL
    GROUP BY renamed_to
    HAVING count(*) = 1
) d
JOIN previous_models p ON p.repo_id = d.repo_id
JOIN models n ON n.repo_id = d.renamed_to
LEFT JOIN models still ON still.repo_id = d.repo_id
LEFT JOIN previous_models before ON before.repo_id = d.renamed_to
WHERE still.repo_id IS NULL AND before.repo_id IS NULL AND (p.hub_id IS NULL OR n.hub_id IS NULL)
