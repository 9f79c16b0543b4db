-- Backbone and encoder that a configuration loads or a card declares.
SELECT
    e.repo_id,
    CASE WHEN e.role = 'encoder' THEN 'encoder' ELSE 'language_model' END AS slot,
    CASE WHEN e.role = 'encoder' THEN 'audio_encoder' ELSE 'language_model' END AS component,
    min(e.resolved_base_model) AS part,
    min(e.best_evidence) AS evidence
FROM typed_edge e
WHERE e.role IN ('backbone', 'encoder') AND e.resolved_base_model IS NOT NULL
GROUP BY e.repo_id, e.role
