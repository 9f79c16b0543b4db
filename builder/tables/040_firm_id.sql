-- Ids that exist for certain: records of this evidence and curated backbones.
SELECT repo_id FROM record
UNION
SELECT repo_id FROM backbone
