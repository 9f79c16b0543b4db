-- One step from each copy to what it is a copy of.
SELECT repo_id, parent AS root FROM upward WHERE is_copy
