-- Which values of `models` that must be accounted for are null, with what tells why.
SELECT
    m.repo_id, m.kind, r.absence_set,
{nulls_of_models}
FROM models m
JOIN record r ON r.repo_id = m.repo_id
