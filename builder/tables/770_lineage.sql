-- The table `lineage`: declared edges with what became of them, edges that a rule found, and external parts.
SELECT
    build.snapshot_date, l.repo_id, l.base_model, l.resolved_base_model, l.relation, l.declared_relation,
    x.part IS NOT NULL AS external, l.status, m.repo_id IS NOT NULL AS in_snapshot, l.evidence, l.confidence, l.note
FROM (
    SELECT
        e.repo_id,
        substr(d.spelled, 2) AS base_model,
        e.resolved_base_model,
        CASE
            WHEN k.kind = 'placeholder' THEN coalesce(e.card_relation, e.hub_relation, 'finetune')
            WHEN e.role IN ('backbone', 'encoder') THEN e.role
            WHEN k.kind IN ('quantized', 'conversion', 'mirror', 'finetune', 'adapter', 'merge')
                AND k.target = e.resolved_base_model THEN k.kind
            WHEN k.kind = 'merge' THEN 'merge'
            ELSE coalesce(e.card_relation, e.hub_relation, 'finetune')
        END AS relation,
        coalesce(e.card_relation, e.hub_relation) AS declared_relation,
        CASE
            WHEN e.resolved_base_model IS NULL THEN 'unresolved'
            WHEN e.resolved_base_model = e.repo_id THEN 'cut_self'
            WHEN c.repo_id IS NOT NULL THEN 'cut_cycle'
            WHEN k.kind = 'placeholder' THEN 'overruled'
            WHEN e.role IN ('backbone', 'encoder') THEN 'followed'
            WHEN k.kind = 'merge' OR k.target = e.resolved_base_model THEN 'followed'
            ELSE 'overruled'
        END AS status,
        CASE
            WHEN k.kind = 'placeholder' THEN e.best_evidence
            WHEN e.role IN ('backbone', 'encoder') THEN 'architecture'
            WHEN k.target = e.resolved_base_model THEN k.evidence
            ELSE e.best_evidence
        END AS evidence,
        CASE
            WHEN e.resolved_base_model IS NULL OR k.kind = 'placeholder' THEN 'low'
            WHEN e.role IN ('backbone', 'encoder') THEN 'medium'
            WHEN k.target = e.resolved_base_model THEN k.confidence
            ELSE 'low'
        END AS confidence,
        CASE
            WHEN e.role IN ('backbone', 'encoder') AND k.kind <> 'placeholder'
                THEN concat('the base lacks an input of the model, or has another design; ', d.how)
            ELSE concat(coalesce(k.rule, 'no rule'), '; ', d.how)
        END AS note
    FROM typed_edge e
    JOIN edge d ON d.repo_id = e.repo_id AND d.edge_key = e.edge_key
    LEFT JOIN kind_final k ON k.repo_id = e.repo_id
    LEFT JOIN cut c ON c.repo_id = e.repo_id
    UNION ALL
    SELECT
        k.repo_id, k.target, k.target, k.kind, NULL, 'followed', k.evidence, k.confidence, k.rule
    FROM kind_final k
    LEFT JOIN typed_edge e ON e.repo_id = k.repo_id AND e.resolved_base_model = k.target
    WHERE k.target IS NOT NULL AND e.repo_id IS NULL AND k.kind <> 'placeholder'
    UNION ALL
    SELECT
        p.repo_id, p.part, p.part, CASE WHEN p.component = 'language_model' THEN 'backbone' ELSE 'encoder' END, NULL,
        'followed', p.evidence, p.confidence,
        CASE
            WHEN p.evidence = 'architecture' THEN 'every model of its design stands on it, and its size leaves it out'
            WHEN p.confidence = 'low' THEN 'usual for its design, by few words in its name; its size leaves it out'
            ELSE 'words in its name, and what its size leaves out'
        END
    FROM part p
    LEFT JOIN typed_edge e ON e.repo_id = p.repo_id AND e.resolved_base_model = p.part
    WHERE e.repo_id IS NULL
    UNION ALL
    SELECT
        b.repo_id, p.part, p.part, CASE WHEN p.component = 'language_model' THEN 'backbone' ELSE 'encoder' END, NULL,
        'followed', p.evidence, 'medium', 'what the original needs, a copy without parts needs too'
    FROM borrowed b
    JOIN part p ON p.repo_id = b.counted_at_id
    LEFT JOIN part own ON own.repo_id = b.repo_id AND own.part = p.part
    LEFT JOIN typed_edge e ON e.repo_id = b.repo_id AND e.resolved_base_model = p.part
    WHERE b.lacks_parts AND own.repo_id IS NULL AND e.repo_id IS NULL
) l
JOIN models s ON s.repo_id = l.repo_id
CROSS JOIN build
LEFT JOIN external x ON x.repo_id = l.repo_id AND x.part = l.resolved_base_model
LEFT JOIN models m ON m.repo_id = l.resolved_base_model
