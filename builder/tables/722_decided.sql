-- What was decided of each repository, side by side. A step of its own, as `counted` is: one query over all that `models`
-- is made of would hold more in memory at once than fits where there are millions of models.
SELECT
    r.repo_id,
    k.kind, k.evidence AS kind_evidence, k.confidence AS kind_confidence,
    a.audio_language_model,
    a.evidence AS audio_language_model_evidence, a.confidence AS audio_language_model_confidence,
    CASE WHEN it.value IS NOT NULL THEN it.value = 'true' END AS instruction_tuned,
    it.evidence AS instruction_tuned_evidence, it.confidence AS instruction_tuned_confidence,
    u.unique_model_id, u.evidence AS unique_model_id_evidence, u.confidence AS unique_model_id_confidence,
    f.family_id, f.evidence AS family_id_evidence, f.confidence AS family_id_confidence
FROM record r
LEFT JOIN kind_final k ON k.repo_id = r.repo_id
LEFT JOIN audio_final a ON a.repo_id = r.repo_id
LEFT JOIN unique_final u ON u.repo_id = r.repo_id
LEFT JOIN family_final f ON f.repo_id = r.repo_id
LEFT JOIN instruct_candidate it ON it.repo_id = r.repo_id
WHERE r.role = 'member'
