-- The configuration that speaks for each distinct model: its own, else that of the most used copy.
SELECT unique_model_id, repo_id
FROM (
    SELECT
        u.unique_model_id, c.repo_id,
        row_number() OVER (
            PARTITION BY u.unique_model_id
            ORDER BY CASE WHEN c.repo_id = u.unique_model_id THEN 0 ELSE 1 END, coalesce(r.downloads, 0) DESC, c.repo_id
        ) AS place
    FROM unique_final u
    JOIN configuration c ON c.repo_id = u.repo_id
    JOIN record r ON r.repo_id = u.repo_id
) ranked
WHERE place = 1
