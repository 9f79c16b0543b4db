-- The table `runtimes`.
SELECT
    build.snapshot_date, r.model_type, r.runtime, r.status, r.min_version, r.audio_max_s, r.over_length, r.evidence_url,
    r.checked_on, r.note
FROM runtime_support r
CROSS JOIN build
