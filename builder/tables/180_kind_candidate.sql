-- Every candidate for `kind` that something speaks for, at most one per rank. `target` is what the kind refers to.
-- An adapter holds less than half of its base; where the base's size is unknown, less than a billion weights and 4 GB, as
-- the smallest language models that people adapt have about a billion. Sums of one model differ by buffers only: 0.1 %.
SELECT repo_id, 'kind' AS column_name, value, coalesce(target, '') AS target, rule, evidence, confidence, rank
FROM (
    SELECT
        repo_id, value, target, 'curated correction' AS rule, 'curated' AS evidence, 'high' AS confidence, 10 AS rank
    FROM correction
    WHERE column_name = 'kind'
    UNION ALL
    SELECT
        repo_id, 'placeholder', NULL, 'no weights stored', 'hub',
        CASE WHEN used_storage_bytes = 0 THEN 'high' ELSE 'medium' END, 20
    FROM record
    WHERE NOT has_weights
    UNION ALL
    SELECT repo_id, 'mirror', twin, 'the same weight files, byte for byte', 'weights', 'high', 25
    FROM file_twin
    WHERE twin <> repo_id
    UNION ALL
    SELECT
        repo_id,
        CASE WHEN quantized THEN 'quantized' WHEN ported OR precision_named THEN 'conversion' ELSE 'mirror' END,
        target,
        CASE
            WHEN quantized THEN 'declared base, storage marks of quantisation'
            WHEN ported THEN 'declared base, storage marks of a port'
            WHEN precision_named THEN 'declared base of the same name, another precision'
            ELSE 'declared base of the same name, no mark of a change'
        END,
        CASE WHEN card_says THEN 'declared' WHEN quantized THEN quantization_evidence ELSE 'hub' END,
        CASE WHEN said AND NOT adds_words THEN 'high' WHEN same_stem OR card_says THEN 'medium' ELSE 'low' END,
        30
    FROM copy_by_edge
    WHERE same_stem OR (said AND ((quantized AND (card_says OR NOT adds_words)) OR (ported AND NOT quantized)))
    UNION ALL
    SELECT
        repo_id,
        CASE WHEN quantized THEN 'quantized' WHEN ported OR precision_named THEN 'conversion' ELSE 'mirror' END,
        target,
        CASE
            WHEN quantized THEN 'same name, storage marks of quantisation'
            WHEN ported THEN 'same name, storage marks of a port'
            WHEN precision_named THEN 'same name, another precision'
            WHEN copy_word THEN 'same name, a word says copy'
            ELSE 'same name under another owner, nothing against it'
        END,
        CASE WHEN same_count THEN 'weights' ELSE 'name' END,
        CASE WHEN same_count THEN 'high' WHEN same_design THEN 'medium' ELSE 'low' END,
        40
    FROM copy_by_name
    UNION ALL
    SELECT
        e.repo_id, 'adapter', min(e.resolved_base_model), 'adapter declared, no full weights stored', 'hub',
        max(CASE WHEN c.stored_elements IS NULL THEN 'medium' ELSE 'high' END), 50
    FROM typed_edge e
    JOIN subject c ON c.repo_id = e.repo_id
    LEFT JOIN backbone b ON b.repo_id = e.resolved_base_model AND b.component = 'language_model'
    LEFT JOIN record p ON p.repo_id = e.resolved_base_model
    WHERE e.role = 'parent' AND coalesce(c.has_weights, true)
        AND (c.adapter_mark OR coalesce(e.card_relation, e.hub_relation, '') = 'adapter')
        AND coalesce(c.stored_elements, 0) * 2 < coalesce(b.logical_parameters, p.stored_elements, 1000000000)
        AND coalesce(c.used_storage_bytes, 0) < coalesce(b.logical_parameters, p.stored_elements, 4000000000)
    GROUP BY e.repo_id
    UNION ALL
    SELECT
        e.repo_id, 'adapter', min(e.resolved_base_model), 'one parent, and too little storage for its weights at 16 bits',
        'hub', 'low', 55
    FROM typed_edge e
    JOIN parent_count pc ON pc.repo_id = e.repo_id AND pc.parents = 1
    JOIN subject c ON c.repo_id = e.repo_id
    JOIN backbone b ON b.repo_id = e.resolved_base_model AND b.component = 'language_model'
    WHERE e.role = 'parent' AND c.has_weights AND c.stored_elements IS NULL AND NOT c.quantized AND NOT c.ported
        AND c.used_storage_bytes < b.logical_parameters
    GROUP BY e.repo_id
    UNION ALL
    SELECT
        e.repo_id, 'merge', min(e.resolved_base_model), 'several parents of its own modalities', 'hub', 'medium', 60
    FROM typed_edge e
    JOIN parent_count pc ON pc.repo_id = e.repo_id
    WHERE e.role = 'parent' AND pc.parents > 1 AND e.resolved_base_model <> e.repo_id
    GROUP BY e.repo_id
    UNION ALL
    SELECT
        e.repo_id, 'finetune', min(e.resolved_base_model), 'one parent of its own modalities',
        min(e.best_evidence),
        CASE
            WHEN min(CASE WHEN e.same_design THEN 1 ELSE 0 END) = 1 THEN 'high'
            WHEN max(CASE WHEN e.other_design THEN 1 ELSE 0 END) = 1 THEN 'low'
            ELSE 'medium'
        END, 70
    FROM typed_edge e
    JOIN parent_count pc ON pc.repo_id = e.repo_id
    WHERE e.role = 'parent' AND pc.parents = 1 AND coalesce(e.resolved_base_model, '') <> e.repo_id
    GROUP BY e.repo_id
    UNION ALL
    SELECT
        e.repo_id, 'finetune', NULL, 'a base is declared under a name that is not known',
        min(e.best_evidence), 'low', 75
    FROM typed_edge e
    JOIN subject c ON c.repo_id = e.repo_id
    WHERE e.resolved_base_model IS NULL AND coalesce(c.has_weights, true)
        AND coalesce(e.card_relation, e.hub_relation, 'finetune') <> 'quantized'
    GROUP BY e.repo_id
    UNION ALL
    SELECT s.repo_id, 'finetune', NULL, 'a word in the name says trained further', 'name',
        CASE WHEN a.model_type IS NOT NULL AND a.owner IS NOT NULL THEN 'medium' ELSE 'low' END, 80
    FROM subject s
    LEFT JOIN architecture a ON a.model_type = s.model_type
    WHERE s.in_evidence AND s.training_word
    UNION ALL
    SELECT DISTINCT s.repo_id, 'finetune', NULL, 'the design of another owner, in that owner''s size', 'architecture', 'medium', 82
    FROM subject s
    JOIN architecture a ON a.model_type = s.model_type AND NOT a.delta
    JOIN record o ON lower(o.author) = lower(a.owner) AND o.model_type = s.model_type
    WHERE s.in_evidence AND s.type_evidence = 'config' AND lower(s.owner) <> lower(a.owner)
        AND abs(o.stored_elements - s.stored_elements)
            <= coalesce(o.hub_total_uncertainty, 0) + coalesce(s.stored_uncertainty, 0) + 0.001 * o.stored_elements
    UNION ALL
    SELECT t.repo_id, 'finetune', NULL, 'a tag says trained further', 'hub', 'low', 84
    FROM training_mark t
) candidates
