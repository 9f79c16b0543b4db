-- as a view
-- A repository whose upward edge is cut stands for itself.
SELECT
    repo_id, 'kind' AS column_name, 'original' AS value, '' AS target, 'its bases lead back to itself' AS rule,
    'hub' AS evidence, 'low' AS confidence, 5 AS rank
FROM cut
