-- Renames that the Hub followed: a card names one base, the Hub resolves one base, under another name.
SELECT d.base_id, min(h.base_id) AS renamed_to
FROM base_reference d
JOIN base_reference h ON h.repo_id = d.repo_id AND h.evidence = 'hub' AND h.only_one
WHERE d.evidence = 'declared' AND d.only_one AND d.base_id IS NOT NULL AND h.base_id IS NOT NULL
    AND d.base_id <> h.base_id
GROUP BY d.base_id
HAVING count(DISTINCT h.base_id) = 1
