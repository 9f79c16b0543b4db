-- What must be loaded beside a repository's own weights: the base of an adapter, and the language model and encoder of a
-- delta. A delta of less than a billion elements holds no language model; it holds no encoder if it is smaller than half
-- of one, if its version is known to keep it elsewhere, or if its configuration names one to load.
SELECT
    b.repo_id, b.component, b.part, b.logical_parameters, b.active_parameters, b.uncertainty, b.count_source,
    b.observed_at, b.model_type, b.evidence, b.confidence
FROM built_on b
JOIN unique_final u ON u.repo_id = b.repo_id
JOIN type_of_unique t ON t.unique_model_id = u.unique_model_id
JOIN architecture a ON a.model_type = t.model_type AND a.delta
JOIN record r ON r.repo_id = b.repo_id
LEFT JOIN own_count o ON o.repo_id = b.repo_id
LEFT JOIN (
    SELECT DISTINCT repo_id FROM record_value WHERE column_name = 'weight_formats' AND value IN ('gguf', 'onnx')
) holds_all ON holds_all.repo_id = b.repo_id
WHERE NOT coalesce(r.packed, false) AND holds_all.repo_id IS NULL
    AND (o.stored_elements IS NOT NULL OR r.used_storage_bytes < 2000000000)
    AND (
        (b.slot = 'language_model' AND coalesce(o.stored_elements, 0) < 1000000000)
        OR (b.slot = 'encoder' AND coalesce(o.stored_elements, 0) < 0.5 * b.logical_parameters)
        OR (b.slot = 'encoder' AND o.stored_elements >= 1000000000 AND b.words >= 3)
        OR (b.slot = 'encoder' AND b.evidence = 'config')
    )
UNION ALL
SELECT
    p.repo_id, 'whole', p.parent, p.logical_parameters, NULL, p.uncertainty, p.count_source, p.observed_at, s.model_type,
    k.evidence, k.confidence
FROM parent_count_known p
JOIN kind_final k ON k.repo_id = p.repo_id AND k.kind = 'adapter'
LEFT JOIN subject s ON s.repo_id = p.parent
