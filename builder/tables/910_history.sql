-- The table `history`.
SELECT
    snapshot_date, repo_id, hub_id, sha, true AS present, unique_model_id, family_id, pipeline_tag, gated, license,
    downloads, downloads_all_time, likes, runtime_parameters
FROM models
