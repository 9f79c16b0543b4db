-- The family of each distinct model.
SELECT a.unique_model_id, a.root, min(n.family_id) AS family_id
FROM ancestor_of_unique a
JOIN line_label l ON concat(a.line, ' ', a.owner) = l.node AND coalesce(a.design, concat('of ', a.owner)) = l.design
JOIN family_name n ON n.label = l.label
GROUP BY a.unique_model_id, a.root
