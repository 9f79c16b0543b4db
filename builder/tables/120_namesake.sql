-- For each stem the id that the others are copies of, if they are: not quantised, not ported, named as a base,
-- by the owner whose line is used most, in the highest precision, oldest.
SELECT stem, repo_id
FROM (
    SELECT
        stem,
        repo_id,
        row_number() OVER (
            PARTITION BY stem
            ORDER BY quantized, copy_word, ported, CASE WHEN mentions > 0 THEN 0 ELSE 1 END, owner_weight DESC,
                float_bits DESC NULLS LAST, created_at ASC NULLS LAST, coalesce(downloads, 0) DESC, repo_id
        ) AS place
    FROM subject
    WHERE has_weights IS NULL OR has_weights
) ranked
WHERE place = 1
