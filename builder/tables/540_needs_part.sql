-- Deltas whose language model lives elsewhere, and whether it is known.
SELECT
    o.repo_id,
    sum(CASE WHEN p.component = 'language_model' AND p.logical_parameters IS NOT NULL THEN 1 ELSE 0 END) > 0 AS is_known
FROM own_count o
JOIN unique_final u ON u.repo_id = o.repo_id
JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
JOIN architecture a ON a.model_type = t.model_type AND a.delta
LEFT JOIN part p ON p.repo_id = o.repo_id
WHERE o.stored_elements < 1000000000
GROUP BY o.repo_id
