-- Renames that the Hub followed: it answered for a base under another name, or resolved a card's one base to another.
WITH resolved AS (
    SELECT d.base_id, min(h.base_id) AS renamed_to
    FROM base_reference d
    JOIN base_reference h ON h.repo_id = d.repo_id AND h.evidence = 'hub' AND h.only_one
    WHERE d.evidence = 'declared' AND d.only_one AND d.base_id IS NOT NULL AND h.base_id IS NOT NULL
        AND d.base_id <> h.base_id
    GROUP BY d.base_id
    HAVING count(DISTINCT h.base_id) = 1
),
answered AS (
    SELECT asked_id, min(repo_id) AS renamed_to
    FROM alias
    GROUP BY asked_id
    HAVING count(*) = 1
)
SELECT base_id, renamed_to FROM resolved
WHERE base_id NOT IN (SELECT asked_id FROM answered)
UNION ALL
SELECT asked_id AS base_id, renamed_to FROM answered
