-- Repositories of the previous date that a query of this date lists, or that this date has.
SELECT m.repo_id FROM previous_models m JOIN current_scope s ON array_contains(m.scopes, s.scope)
UNION
SELECT previous_key FROM kept WHERE table_name = 'models'
