-- What was measured of repositories: of a leaderboard's names, those that are one, and results that the Hub shows. A
-- service has no repository, so its numbers end here.
SELECT
    y.repo_id, m.dataset_id, m.metric, m.leaderboard AS source, m.value, m.unit, m.language, m.observed_at,
    m.source_url, CASE WHEN y.repo_id <> m.listed_as THEN m.listed_as END AS listed_as, y.audio_language_model
FROM measurement m
JOIN leaderboard_system y ON y.leaderboard = m.leaderboard AND y.listed_as = m.listed_as
WHERE y.repo_id IS NOT NULL
UNION ALL
SELECT
    s.repo_id, s.dataset_id, 'score', 'hub', s.value, 'not stated', NULL, r.observed_at, s.source_url, NULL,
    y.audio_language_model
FROM score s
JOIN record r ON r.repo_id = s.repo_id
LEFT JOIN (
    -- One row each: a repository may have a name in every leaderboard.
    SELECT
        repo_id,
        CASE min(CASE WHEN audio_language_model THEN 0 ELSE 1 END) WHEN 0 THEN true ELSE false END
            AS audio_language_model
    FROM leaderboard_system
    WHERE repo_id IS NOT NULL
    GROUP BY repo_id
) y ON y.repo_id = s.repo_id
