-- The sums of each repository over its counted rows, with the weakest source and the lowest confidence among them.
SELECT
    a.repo_id,
    sum(CASE WHEN NOT a.external THEN a.logical_parameters END) AS logical_parameters,
    sum(CASE WHEN NOT a.external THEN a.uncertainty END) AS logical_uncertainty,
    min(CASE WHEN NOT a.external THEN q.place END) AS own_source_place,
    max(CASE WHEN NOT a.external THEN c.place END) AS own_confidence_place,
    sum(a.logical_parameters) AS all_parameters,
    sum(a.uncertainty) AS all_uncertainty,
    min(q.place) AS source_place,
    max(c.place) AS confidence_place
FROM addend a
JOIN source_order q ON q.source = a.source
JOIN confidence_order c ON c.confidence = a.confidence
WHERE a.counted
GROUP BY a.repo_id
