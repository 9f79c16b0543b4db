-- The table `evaluations`. What the snapshot decides about a repository stands above what the curated map says.
SELECT
    build.snapshot_date, m.repo_id, m.dataset_id, m.metric, m.source, m.value, m.unit, m.language,
    CASE o.audio_language_model
        WHEN 'yes' THEN false
        WHEN 'no' THEN true
        ELSE NOT m.audio_language_model
    END AS reference,
    o.repo_id IS NOT NULL AS in_snapshot,
    m.observed_at, m.source_url, m.listed_as
FROM measured m
CROSS JOIN build
LEFT JOIN models o ON o.repo_id = m.repo_id
