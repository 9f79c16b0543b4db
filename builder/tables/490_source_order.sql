-- Sources of counts from the weakest to the strongest.
SELECT 'storage_bound' AS source, 0 AS place
UNION ALL SELECT 'name', 1
UNION ALL SELECT 'card_text', 2
UNION ALL SELECT 'export_rounded', 3
UNION ALL SELECT 'config_formula', 4
UNION ALL SELECT 'gguf_hub', 5
UNION ALL SELECT 'safetensors_hub', 6
UNION ALL SELECT 'torch_pickle', 7
UNION ALL SELECT 'gguf_header', 8
UNION ALL SELECT 'safetensors_header', 9
UNION ALL SELECT 'curated', 10
