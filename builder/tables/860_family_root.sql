-- The distinct model that each family is told by: the most downloaded original of the line.
SELECT family_id, unique_model_id
FROM (
    SELECT
        family_id, unique_model_id,
        row_number() OVER (
            PARTITION BY family_id
            ORDER BY CASE WHEN original_count > 0 THEN 0 WHEN NOT in_snapshot THEN 1 ELSE 2 END,
                coalesce(downloads, 0) DESC, unique_model_id
        ) AS place
    FROM unique_models
) ranked
WHERE place = 1
