-- Repositories whose tags say that weights were trained further, without saying on what.
SELECT DISTINCT repo_id
FROM record_value
WHERE column_name = 'tags'
    AND lower(value) IN ('trl', 'sft', 'dpo', 'grpo', 'unsloth', 'axolotl', 'generated_from_trainer', 'finetune', 'finetuned', 'llama-factory')
