-- An output head that is the input embedding again, written out a second time: the stored sum without it fits what the
-- model was trained from, or its language model and encoder together, and the sum with it does not. A projector
-- is within 1 % of such a sum; a head is 5 to 20 % of it, so 3 % lies between.
SELECT o.repo_id, max(x.tied_head) AS tied_head
FROM own_count o
JOIN (
    SELECT repo_id, tied_head, logical_parameters AS expected
    FROM parent_count_known
    WHERE tied_head IS NOT NULL
    UNION ALL
    SELECT l.repo_id, l.tied_head, l.logical_parameters + e.logical_parameters
    FROM built_on l
    JOIN built_on e ON e.repo_id = l.repo_id AND e.slot = 'encoder'
    WHERE l.slot = 'language_model' AND l.tied_head IS NOT NULL
    UNION ALL
    SELECT c.repo_id, CAST(c.tied_head AS DOUBLE), p.logical_parameters
    FROM configuration c
    JOIN parent_count_known p ON p.repo_id = c.repo_id AND p.tied_head IS NULL
    WHERE c.tied AND c.tied_head IS NOT NULL
) x ON x.repo_id = o.repo_id
WHERE o.logical_parameters IS NOT NULL
    AND abs(o.logical_parameters - x.tied_head - x.expected) <= 0.01 * x.expected + o.uncertainty
    AND abs(o.logical_parameters - x.expected) > 0.03 * x.expected + o.uncertainty
GROUP BY o.repo_id
