-- The design that most distinct models of a line and owner have: what stands for those whose design is not known.
SELECT line, owner, min_by(design, place) AS design
FROM (
    SELECT line, owner, design, row_number() OVER (PARTITION BY line, owner ORDER BY models DESC, design) AS place
    FROM (
        SELECT line, owner, design, count(*) AS models
        FROM ancestor_of_unique
        WHERE design IS NOT NULL
        GROUP BY line, owner, design
    ) counted
) ranked
WHERE place = 1
GROUP BY line, owner
