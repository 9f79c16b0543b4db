-- One spelling for each id that differs in case only; ids in evidence win, then the Hub's own spelling.
SELECT
    n.lower_id,
    CASE
        WHEN count(f.repo_id) = 1 THEN min(f.repo_id)
        WHEN count(f.repo_id) > 1 THEN NULL
        WHEN min(h.base_id) = max(h.base_id) THEN min(h.base_id)
        WHEN min(n.repo_id) = max(n.repo_id) THEN min(n.repo_id)
    END AS repo_id
FROM known_name n
LEFT JOIN firm_id f ON f.repo_id = n.repo_id
LEFT JOIN (SELECT DISTINCT base_id FROM base_reference WHERE evidence = 'hub' AND base_id IS NOT NULL) h
    ON h.base_id = n.repo_id
GROUP BY n.lower_id
