-- Repositories whose weight files are the same, byte for byte, and the one of them that the others are mirrors of: named
-- as a base, by the owner whose line is used most, oldest. Count, least and greatest hash, and total size stand for the
-- set of files.
SELECT repo_id, first_value(repo_id) OVER (
    PARTITION BY files, least_hash, greatest_hash, bytes
    ORDER BY copy_word, ported, CASE WHEN mentions > 0 THEN 0 ELSE 1 END, owner_weight DESC, created_at ASC NULLS LAST,
        coalesce(downloads, 0) DESC, repo_id
) AS twin
FROM (
    SELECT
        w.repo_id, w.files, w.least_hash, w.greatest_hash, w.bytes,
        s.copy_word, s.ported, s.mentions, s.owner_weight, s.created_at, s.downloads
    FROM (
        SELECT
            repo_id, count(*) AS files, min(sha256) AS least_hash, max(sha256) AS greatest_hash, sum(size_bytes) AS bytes
        FROM weight_file
        WHERE role = 'weights'
        GROUP BY repo_id
        HAVING count(*) = count(sha256)
    ) w
    JOIN subject s ON s.repo_id = w.repo_id
) described
