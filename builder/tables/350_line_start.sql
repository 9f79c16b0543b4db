-- Lines of the same name, one node per line and owner; design is what joins owners.
SELECT
    concat(line, ' ', owner) AS node,
    line,
    owner,
    coalesce(design, concat('of ', owner)) AS design,
    min(concat(line, ' ', owner)) AS label
FROM ancestor_of_unique
GROUP BY line, owner, coalesce(design, concat('of ', owner))
