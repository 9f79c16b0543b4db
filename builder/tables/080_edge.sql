-- One row per repository and base: configuration, card and Hub together, the card's spelling first.
-- A base that the Hub resolved from the card's single base is the same edge. What a configuration loads is a fact, what
-- a card declares a statement, what the Hub computes a guess at the card.
SELECT
    b.repo_id,
    min(CASE WHEN b.evidence = 'declared' THEN concat('0', b.base_model) ELSE concat('1', b.base_model) END) AS spelled,
    coalesce(r.resolved_base_model, b.base_model) AS edge_key,
    max(r.resolved_base_model) AS resolved_base_model,
    min(r.how) AS how,
    coalesce(
        max(CASE WHEN b.evidence = 'config' THEN b.declared_relation END),
        max(CASE WHEN b.evidence = 'declared' THEN b.declared_relation END)
    ) AS card_relation,
    max(CASE WHEN b.evidence = 'hub' THEN b.declared_relation END) AS hub_relation,
    substr(max(CASE b.evidence WHEN 'config' THEN '2config' WHEN 'declared' THEN '1declared' ELSE '0hub' END), 2)
        AS best_evidence,
    max(CASE WHEN b.adds_words THEN 1 ELSE 0 END) = 1 AS adds_words
FROM base_reference b
JOIN resolved_base r ON r.base_model = b.base_model
GROUP BY b.repo_id, coalesce(r.resolved_base_model, b.base_model)
