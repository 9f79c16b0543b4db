-- Why a count is missing, where the parts of a model say more than its own record does.
SELECT n.repo_id, c.column_name, 'backbone_unknown' AS reason
FROM needs_part n
CROSS JOIN (SELECT 'runtime_parameters' AS column_name UNION ALL SELECT 'active_parameters') c
WHERE NOT n.is_known
