-- Each null with the reason that knows most. Stored, as sorting so many rows wants all the memory there is.
SELECT
    n.repo_id,
    n.column_name,
    coalesce(
        CASE WHEN n.kind = 'placeholder' AND n.column_name IN (
            'unique_model_id', 'family_id', 'input_modalities', 'output_modalities', 'audio_domains', 'instruction_tuned'
        ) THEN 'no_weights_in_repo' END,
        g.reason,
        a.reason
    ) AS reason
FROM null_cell n
LEFT JOIN count_gap g ON g.repo_id = n.repo_id AND g.column_name = n.column_name
LEFT JOIN absence a ON a.absence_set = n.absence_set AND a.column_name = n.column_name
WHERE coalesce(g.reason, a.reason) IS NOT NULL OR n.kind = 'placeholder'
