-- Repositories that have another name on this date.
SELECT previous_id, current_id FROM same_hub_id WHERE previous_id <> current_id
UNION ALL
SELECT previous_id, current_id FROM told_name
