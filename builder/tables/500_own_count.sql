-- What each record's own evidence counts: elements as stored, and weights where no element may hold several.
-- The Hub's count of a GGUF file stands in only where nothing else was counted.
SELECT
    p.repo_id,
    sum(CAST(p.stored_elements AS DOUBLE)) AS stored_elements,
    CASE WHEN sum(CASE WHEN p.logical_parameters IS NULL THEN 1 ELSE 0 END) = 0
        THEN sum(CAST(p.logical_parameters AS DOUBLE)) END AS logical_parameters,
    sum(CAST(p.uncertainty AS DOUBLE)) AS uncertainty,
    max(p.source) AS source
FROM parameter_count p
WHERE p.source <> 'gguf_hub'
GROUP BY p.repo_id
UNION ALL
SELECT
    p.repo_id, NULL, max(CAST(p.logical_parameters AS DOUBLE)), max(CAST(p.uncertainty AS DOUBLE)), 'gguf_hub'
FROM parameter_count p
LEFT JOIN (SELECT DISTINCT repo_id FROM parameter_count WHERE source <> 'gguf_hub') other ON other.repo_id = p.repo_id
WHERE p.source = 'gguf_hub' AND other.repo_id IS NULL
GROUP BY p.repo_id
