-- The family of each distinct model.
SELECT p.unique_model_id, p.root, n.family_id
FROM placed p
JOIN family_name n ON n.line = p.line AND n.design = p.design
