-- What a delta must load beside its own weights. A delta of less than a billion elements holds no language model; it
-- holds no encoder if it is smaller than half of one, or if its version is known to keep it elsewhere.
SELECT
    o.repo_id,
    b.component,
    b.repo_id AS part,
    CAST(b.logical_parameters AS DOUBLE) AS logical_parameters,
    CAST(b.active_parameters AS DOUBLE) AS active_parameters,
    CAST(b.uncertainty AS DOUBLE) AS uncertainty,
    b.count_source,
    b.observed_at,
    b.model_type,
    CASE WHEN e.part IS NOT NULL THEN 'hub' ELSE 'name' END AS evidence,
    CASE WHEN e.part IS NOT NULL AND n.part IS NOT NULL AND e.part = n.part THEN 'high' ELSE 'medium' END AS confidence
FROM own_count o
JOIN unique_final u ON u.repo_id = o.repo_id
JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
JOIN architecture a ON a.model_type = t.model_type AND a.delta
JOIN record r ON r.repo_id = o.repo_id
CROSS JOIN (SELECT 'language_model' AS slot UNION ALL SELECT 'encoder') slots
LEFT JOIN part_by_edge e ON e.repo_id = o.repo_id
    AND CASE WHEN e.component = 'language_model' THEN 'language_model' ELSE 'encoder' END = slots.slot
LEFT JOIN part_by_name n ON n.repo_id = o.repo_id
    AND CASE WHEN n.component = 'language_model' THEN 'language_model' ELSE 'encoder' END = slots.slot
JOIN backbone b ON b.repo_id = coalesce(e.part, n.part)
    AND b.component = CASE WHEN e.part IS NOT NULL THEN e.component ELSE n.component END
WHERE o.stored_elements IS NOT NULL AND NOT coalesce(r.packed, false)
    AND (
        (slots.slot = 'language_model' AND o.stored_elements < 1000000000)
        OR (slots.slot = 'encoder' AND o.stored_elements < 0.5 * b.logical_parameters)
        OR (slots.slot = 'encoder' AND o.stored_elements >= 1000000000 AND coalesce(n.words, 0) >= 3)
    )
