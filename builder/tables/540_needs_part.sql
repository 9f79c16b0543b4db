-- Adapters, and deltas whose language model lives elsewhere, and whether the size of that is known.
SELECT
    k.repo_id,
    sum(CASE WHEN p.component IN ('language_model', 'whole') AND p.logical_parameters IS NOT NULL THEN 1 ELSE 0 END) > 0
        AS is_known
FROM kind_final k
JOIN unique_final u ON u.repo_id = k.repo_id
LEFT JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
LEFT JOIN architecture a ON a.model_type = t.model_type
LEFT JOIN own_count o ON o.repo_id = k.repo_id
LEFT JOIN part p ON p.repo_id = k.repo_id
WHERE k.kind = 'adapter'
    OR (a.delta AND (o.stored_elements < 1000000000 OR (o.stored_elements IS NULL AND p.repo_id IS NOT NULL)))
GROUP BY k.repo_id
