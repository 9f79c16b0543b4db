-- What each base is to its child before kinds are decided: a base that lacks an input of the child is a backbone or
-- an encoder, so is one of another design under a model with a design of its own; every other base is a parent.
-- Where the child's architecture is unknown, the task that its owner chose stands for its inputs.
SELECT
    e.repo_id, e.edge_key, e.resolved_base_model, e.card_relation, e.hub_relation, e.best_evidence, e.adds_words,
    c.stem = p.stem AS same_stem,
    ca.family IS NOT NULL AND pa.family IS NOT NULL AND ca.family = pa.family AS same_design,
    ca.family IS NOT NULL AND pa.family IS NOT NULL AND ca.family <> pa.family AS other_design,
    CASE
        WHEN pa.model_type IS NULL OR coalesce(c.stem = p.stem, false) THEN 'parent'
        WHEN coalesce(ca.takes_audio, coalesce(c.pipeline_tag, '') = 'audio-text-to-text') AND NOT pa.takes_audio
            THEN CASE WHEN ca.takes_audio IS NULL AND c.type_evidence = 'config' THEN 'parent' ELSE 'backbone' END
        WHEN coalesce(ca.takes_audio AND ca.takes_text, false) AND pa.takes_audio AND NOT pa.takes_text THEN 'encoder'
        WHEN coalesce(ca.takes_audio AND ca.takes_text, false) AND pa.takes_audio AND ca.family <> pa.family
            THEN 'backbone'
        ELSE 'parent'
    END AS role
FROM edge e
JOIN subject c ON c.repo_id = e.repo_id
LEFT JOIN subject p ON p.repo_id = e.resolved_base_model
LEFT JOIN architecture ca ON ca.model_type = c.model_type
LEFT JOIN architecture pa ON pa.model_type = p.model_type
