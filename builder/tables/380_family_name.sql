-- The id of each family: its line; where several families share a line, all but the largest add their owner.
SELECT label, CASE WHEN place = 1 THEN line ELSE concat(line, '--', owner) END AS family_id
FROM (
    SELECT label, line, owner,
        row_number() OVER (PARTITION BY line ORDER BY downloads DESC, repositories DESC, label) AS place
    FROM line_size
) ranked
