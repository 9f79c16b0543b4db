-- How much each owner's repositories of a release line are downloaded: the maker's are, a copier's are not.
SELECT
    lower(r.author) AS owner,
    n.line,
    sum(CAST(coalesce(r.downloads, 0) AS DOUBLE)) AS downloads
FROM record r
JOIN known_name n ON n.repo_id = r.repo_id
WHERE NOT n.copy_word AND n.quantization IS NULL AND NOT n.ported
GROUP BY lower(r.author), n.line
