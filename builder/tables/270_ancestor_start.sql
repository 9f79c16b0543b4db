-- One step from each repository to what it comes from, copies and finetunes alike.
SELECT repo_id, parent AS root FROM upward
