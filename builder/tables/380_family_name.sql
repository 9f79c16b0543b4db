-- The id of each family: its line; where several families share a line, all but the largest add what tells them apart:
-- the design if the owner is the same as the largest's, else the owner, else both.
SELECT
    line, design,
    CASE
        WHEN place = 1 THEN line
        WHEN owner = largest_owner THEN concat(line, '--', lower(replace(design, ' ', '-')))
        WHEN place_of_owner = 1 THEN concat(line, '--', lower(owner))
        ELSE concat(line, '--', lower(owner), '--', lower(replace(design, ' ', '-')))
    END AS family_id
FROM (
    SELECT
        line, design, owner,
        row_number() OVER (PARTITION BY line ORDER BY downloads DESC, repositories DESC, design) AS place,
        row_number() OVER (PARTITION BY line, owner ORDER BY downloads DESC, repositories DESC, design) AS place_of_owner,
        first_value(owner) OVER (PARTITION BY line ORDER BY downloads DESC, repositories DESC, design) AS largest_owner
    FROM line_size
) ranked
