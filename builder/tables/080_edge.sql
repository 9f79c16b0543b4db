-- One row per repository and base: card and Hub together, the card's spelling first.
-- A base that the Hub resolved from the card's single base is the same edge.
SELECT
    b.repo_id,
    min(CASE WHEN b.evidence = 'declared' THEN concat('0', b.base_model) ELSE concat('1', b.base_model) END) AS spelled,
    coalesce(r.resolved_base_model, b.base_model) AS edge_key,
    max(r.resolved_base_model) AS resolved_base_model,
    min(r.how) AS how,
    max(CASE WHEN b.evidence = 'declared' THEN b.declared_relation END) AS card_relation,
    max(CASE WHEN b.evidence = 'hub' THEN b.declared_relation END) AS hub_relation,
    max(CASE WHEN b.evidence = 'declared' THEN 'declared' ELSE 'a' END) AS best_evidence,
    max(CASE WHEN b.adds_words THEN 1 ELSE 0 END) = 1 AS adds_words
FROM base_reference b
JOIN resolved_base r ON r.base_model = b.base_model
GROUP BY b.repo_id, coalesce(r.resolved_base_model, b.base_model)
