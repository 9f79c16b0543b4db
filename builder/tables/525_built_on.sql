-- What each repository is built on, as declared, or else as its name or design says, with the size where it is known.
SELECT
    u.repo_id,
    slots.slot,
    b.component,
    b.repo_id AS part,
    CAST(b.logical_parameters AS DOUBLE) AS logical_parameters,
    CAST(b.active_parameters AS DOUBLE) AS active_parameters,
    CAST(b.tied_head AS DOUBLE) AS tied_head,
    CAST(b.uncertainty AS DOUBLE) AS uncertainty,
    b.count_source,
    b.observed_at,
    b.model_type,
    coalesce(n.words, 0) AS words,
    CASE WHEN e.part IS NOT NULL THEN e.evidence WHEN n.words > 0 THEN 'name' ELSE 'architecture' END AS evidence,
    CASE
        WHEN e.evidence = 'config' THEN 'high'
        WHEN e.part IS NOT NULL AND n.part IS NOT NULL AND e.part = n.part THEN 'high'
        WHEN e.part IS NULL AND n.words BETWEEN 1 AND 2 THEN 'low'
        ELSE 'medium'
    END AS confidence
FROM unique_final u
CROSS JOIN (SELECT 'language_model' AS slot UNION ALL SELECT 'encoder') slots
LEFT JOIN part_by_edge e ON e.repo_id = u.repo_id AND e.slot = slots.slot
LEFT JOIN part_by_name n ON n.repo_id = u.repo_id AND n.slot = slots.slot
JOIN backbone b ON b.repo_id = coalesce(e.part, n.part)
    AND b.component = CASE WHEN e.part IS NOT NULL THEN e.component ELSE n.component END
