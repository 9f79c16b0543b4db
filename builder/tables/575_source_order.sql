-- Sources of counts from the weakest to the strongest.
SELECT 'name' AS source, 0 AS place
UNION ALL SELECT 'card_text', 1
UNION ALL SELECT 'export_rounded', 2
UNION ALL SELECT 'config_formula', 3
UNION ALL SELECT 'gguf_hub', 4
UNION ALL SELECT 'safetensors_hub', 5
UNION ALL SELECT 'torch_pickle', 6
UNION ALL SELECT 'gguf_header', 7
UNION ALL SELECT 'safetensors_header', 8
UNION ALL SELECT 'curated', 9
