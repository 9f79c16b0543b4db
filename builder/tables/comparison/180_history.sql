-- The table `history`: all dates so far, this date's repositories, and those that it misses.
SELECT
    snapshot_date, repo_id, hub_id, sha, present, unique_model_id, family_id, pipeline_tag, gated, license, downloads,
    downloads_all_time, likes, runtime_parameters
FROM previous_history
UNION ALL
SELECT
    snapshot_date, repo_id, hub_id, sha, true, unique_model_id, family_id, pipeline_tag, gated, license, downloads,
    downloads_all_time, likes, runtime_parameters
FROM models
UNION ALL
SELECT build.snapshot_date, m.repo_id, m.hub_id, NULL, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM missing m
CROSS JOIN build
