-- What each record's own evidence counts: elements as stored, and weights where every row says how many it holds.
SELECT
    p.repo_id,
    sum(CAST(p.stored_elements AS DOUBLE)) AS stored_elements,
    CASE WHEN sum(CASE WHEN p.logical_parameters IS NULL THEN 1 ELSE 0 END) = 0
        THEN sum(CAST(p.logical_parameters AS DOUBLE)) END AS logical_parameters,
    sum(CAST(p.uncertainty AS DOUBLE)) AS uncertainty,
    max(p.source) AS source
FROM parameter_count p
JOIN own_row o ON o.repo_id = p.repo_id AND o.component = p.component AND o.source_path = p.source_path
    AND o.dtype = p.dtype AND o.source = p.source
GROUP BY p.repo_id
