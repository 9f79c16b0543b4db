-- repeat until unchanged, from line_start
-- Lines of one name are one family where an owner or a design joins them: labels spread to the smallest.
SELECT l.node, l.line, l.owner, l.design, least(o.label, d.label) AS label
FROM line_label l
JOIN (SELECT line, owner, min(label) AS label FROM line_label GROUP BY line, owner) o
    ON o.line = l.line AND o.owner = l.owner
JOIN (SELECT line, design, min(label) AS label FROM line_label GROUP BY line, design) d
    ON d.line = l.line AND d.design = l.design
