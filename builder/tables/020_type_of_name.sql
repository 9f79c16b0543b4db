-- Which architecture the release line of a name belongs to: a weak sign, used where no configuration speaks.
SELECT n.repo_id, min(a.model_type) AS model_type
FROM known_name n
JOIN architecture_alias a ON a.alias_kind = 'line' AND (a.alias = n.line OR a.alias = n.prefix_line)
GROUP BY n.repo_id
HAVING count(DISTINCT a.model_type) = 1
