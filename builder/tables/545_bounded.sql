-- Adapters and deltas that nobody counted hold at most what their whole storage could at 16 bits: half of that, give or
-- take half, where that is little beside what they load.
SELECT
    r.repo_id,
    CASE WHEN k.kind = 'adapter' THEN 'adapter' ELSE 'projector' END AS component,
    floor(r.used_storage_bytes / 4) AS logical_parameters,
    floor(r.used_storage_bytes / 4) AS uncertainty
FROM record r
JOIN kind_final k ON k.repo_id = r.repo_id
JOIN needs_part n ON n.repo_id = r.repo_id AND n.is_known
JOIN (SELECT repo_id, sum(logical_parameters) AS total FROM part GROUP BY repo_id) p ON p.repo_id = r.repo_id
LEFT JOIN own_count o ON o.repo_id = r.repo_id
WHERE o.repo_id IS NULL AND r.used_storage_bytes >= 4 AND r.used_storage_bytes / 4 <= 0.03 * p.total
