-- Logical and runtime weights that a record's own evidence and its parts give.
SELECT
    o.repo_id,
    coalesce(o.logical_parameters - coalesce(h.tied_head, CAST(0 AS DOUBLE)), x.logical_parameters) AS logical_parameters,
    o.uncertainty AS logical_uncertainty,
    CASE
        WHEN n.repo_id IS NOT NULL AND NOT n.is_known THEN NULL
        ELSE coalesce(o.logical_parameters - coalesce(h.tied_head, CAST(0 AS DOUBLE)), x.logical_parameters)
            + coalesce(p.logical_parameters, CAST(0 AS DOUBLE))
    END AS runtime_parameters,
    o.uncertainty + coalesce(p.uncertainty, CAST(0 AS DOUBLE)) AS runtime_uncertainty,
    o.source
FROM own_count o
LEFT JOIN tied_head h ON h.repo_id = o.repo_id
LEFT JOIN unpacked x ON x.repo_id = o.repo_id AND o.logical_parameters IS NULL
LEFT JOIN needs_part n ON n.repo_id = o.repo_id
LEFT JOIN (
    SELECT repo_id, sum(logical_parameters) AS logical_parameters, sum(uncertainty) AS uncertainty
    FROM part
    GROUP BY repo_id
) p ON p.repo_id = o.repo_id
WHERE o.logical_parameters IS NOT NULL OR x.logical_parameters IS NOT NULL
