-- Where each distinct model stands: a family is a line and a design. Models of one line whose design is not known stand
-- with their owner's.
SELECT
    a.unique_model_id, a.root, a.line, a.owner,
    coalesce(a.design, d.design, concat('of ', a.owner)) AS design
FROM ancestor_of_unique a
LEFT JOIN line_design d ON d.line = a.line AND d.owner = a.owner
