-- Repositories of this date that a query of the previous date lists, or that the previous date has.
SELECT m.repo_id FROM models m JOIN previous_scope s ON array_contains(m.scopes, s.scope)
UNION
SELECT key FROM kept WHERE table_name = 'models'
