-- The four counts of each repository. A copy of a delta that keeps its parts elsewhere runs as its original does.
-- In a dense model every weight is active; in a delta on a mixture of experts, its own weights and the active ones.
SELECT
    r.repo_id,
    CAST(o.stored_elements AS BIGINT) AS stored_parameters,
    CASE WHEN o.stored_elements IS NOT NULL THEN CAST(o.uncertainty AS BIGINT) END AS stored_uncertainty,
    CASE WHEN o.stored_elements IS NOT NULL THEN o.source END AS stored_source,
    CASE WHEN s.logical_parameters IS NOT NULL THEN CAST(s.logical_parameters AS BIGINT) END AS logical_parameters,
    CAST(s.logical_uncertainty AS BIGINT) AS logical_uncertainty,
    os.source AS logical_source,
    oc.confidence AS logical_confidence,
    CAST(CASE
        WHEN b.lacks_parts THEN u.runtime_parameters
        WHEN n.repo_id IS NOT NULL AND NOT n.is_known THEN NULL
        WHEN s.logical_parameters IS NOT NULL OR d.repo_id IS NOT NULL THEN s.all_parameters
    END AS BIGINT) AS runtime_parameters,
    CAST(CASE WHEN b.lacks_parts THEN u.runtime_uncertainty ELSE s.all_uncertainty END AS BIGINT) AS runtime_uncertainty,
    coalesce(sn.source, os.source) AS runtime_source,
    coalesce(cn.confidence, oc.confidence) AS runtime_confidence,
    moe.total AS moe_total,
    moe.active AS moe_active,
    coalesce(moe.total IS NOT NULL, false) AS has_moe_part,
    CASE WHEN a.delta AND n.repo_id IS NOT NULL THEN ba.dense ELSE a.dense END AS dense
FROM record r
LEFT JOIN own_count o ON o.repo_id = r.repo_id
LEFT JOIN count_sum s ON s.repo_id = r.repo_id
LEFT JOIN source_order os ON os.place = s.own_source_place
LEFT JOIN confidence_order oc ON oc.place = s.own_confidence_place
LEFT JOIN source_order sn ON sn.place = s.source_place
LEFT JOIN confidence_order cn ON cn.place = s.confidence_place
LEFT JOIN borrowed b ON b.repo_id = r.repo_id
LEFT JOIN bounded d ON d.repo_id = r.repo_id
LEFT JOIN unique_final f ON f.repo_id = r.repo_id
LEFT JOIN sum_of_unique u ON u.unique_model_id = f.unique_model_id
LEFT JOIN needs_part n ON n.repo_id = r.repo_id
LEFT JOIN type_of_unique t ON t.unique_model_id = f.unique_model_id
LEFT JOIN architecture a ON a.model_type = t.model_type
LEFT JOIN (
    SELECT p.repo_id, min(ar.model_type) AS model_type
    FROM part p JOIN architecture ar ON ar.model_type = p.model_type
    WHERE p.component = 'language_model' GROUP BY p.repo_id
) bt ON bt.repo_id = r.repo_id
LEFT JOIN architecture ba ON ba.model_type = bt.model_type
LEFT JOIN (
    SELECT repo_id, sum(logical_parameters) AS total, sum(active_parameters) AS active
    FROM part WHERE active_parameters IS NOT NULL GROUP BY repo_id
) moe ON moe.repo_id = r.repo_id
