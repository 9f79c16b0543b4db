-- One upward edge per repository: what it is a copy of, or was trained from.
SELECT repo_id, target AS parent, kind IN ('quantized', 'conversion', 'mirror') AS is_copy
FROM kind_choice
WHERE target IS NOT NULL AND target <> repo_id
