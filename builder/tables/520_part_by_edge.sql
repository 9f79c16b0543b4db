-- Backbone and encoder that a card declares for a delta.
SELECT
    e.repo_id,
    CASE WHEN e.role = 'encoder' THEN 'audio_encoder' ELSE 'language_model' END AS component,
    min(e.resolved_base_model) AS part
FROM typed_edge e
JOIN type_of_record t ON t.repo_id = e.repo_id
JOIN architecture a ON a.model_type = t.model_type AND a.delta
WHERE e.role IN ('backbone', 'encoder') AND e.resolved_base_model IS NOT NULL
GROUP BY e.repo_id, CASE WHEN e.role = 'encoder' THEN 'audio_encoder' ELSE 'language_model' END
