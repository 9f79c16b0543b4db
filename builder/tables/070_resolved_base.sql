-- Each base as written, and the one id it stands for; null, with the reason, where it stands for none.
SELECT
    b.base_model,
    CASE
        WHEN b.base_id IS NULL THEN NULL
        WHEN f.repo_id IS NOT NULL THEN b.base_id
        WHEN m.renamed_to IS NOT NULL THEN coalesce(ms.repo_id, m.renamed_to)
        WHEN s.repo_id IS NOT NULL THEN s.repo_id
    END AS resolved_base_model,
    CASE
        WHEN b.base_id IS NULL THEN 'not a repository id'
        WHEN f.repo_id IS NOT NULL THEN 'an id in evidence'
        WHEN m.renamed_to IS NOT NULL THEN 'renamed: the Hub answers under another id'
        WHEN s.repo_id = b.base_id THEN 'an id outside the evidence'
        WHEN s.repo_id IS NOT NULL THEN 'differs in case only'
        ELSE 'ambiguous: several ids differ in case only'
    END AS how
FROM (SELECT DISTINCT base_model, base_id FROM base_reference) b
LEFT JOIN firm_id f ON f.repo_id = b.base_id
LEFT JOIN renamed_id m ON m.base_id = b.base_id
LEFT JOIN spelling ms ON ms.lower_id = lower(m.renamed_to)
LEFT JOIN spelling s ON s.lower_id = lower(b.base_id)
