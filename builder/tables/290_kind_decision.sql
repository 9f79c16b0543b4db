-- Candidates for `kind` with the cut of a cycle among them: a repository whose upward edge is cut stands for itself.
SELECT * FROM kind_candidate
UNION ALL
SELECT
    repo_id, 'kind', 'original', '', 'its bases lead back to itself', 'hub', 'low', 5
FROM cut
