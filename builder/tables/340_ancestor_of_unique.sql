-- The first of the line of descent of each distinct model, and the line that it is known by.
-- A delta trained by others with an owner's design belongs to the design's line, whatever it is called; so does a
-- finetune whose parent is not named.
SELECT
    u.unique_model_id,
    coalesce(a.root, u.unique_model_id) AS root,
    CASE
        WHEN ra.delta AND ra.owner IS NOT NULL AND lower(ra.owner) <> lower(coalesce(rs.owner, '')) THEN ra.family
        WHEN f.kind = 'finetune' AND f.target IS NULL AND ra.owner IS NOT NULL AND ra.line IS NOT NULL
            AND lower(ra.owner) <> lower(coalesce(rs.owner, '')) THEN ra.line
        ELSE rs.line
    END AS line,
    CASE
        WHEN ra.delta OR (f.kind = 'finetune' AND f.target IS NULL AND ra.line IS NOT NULL)
            THEN coalesce(lower(ra.owner), lower(rs.owner))
        ELSE lower(rs.owner)
    END AS owner,
    ra.family AS design
FROM (SELECT DISTINCT unique_model_id FROM unique_final) u
LEFT JOIN ancestor a ON a.repo_id = u.unique_model_id
LEFT JOIN subject rs ON rs.repo_id = coalesce(a.root, u.unique_model_id)
LEFT JOIN kind_final f ON f.repo_id = coalesce(a.root, u.unique_model_id)
LEFT JOIN type_of_unique rt ON rt.unique_model_id = coalesce(a.root, u.unique_model_id)
LEFT JOIN architecture ra ON ra.model_type = coalesce(rt.model_type, rs.model_type)
