-- Modalities and domains of each architecture, and of a text model that takes sound as tokens.
SELECT model_type, column_name, value FROM architecture_value
UNION ALL SELECT 'sound as tokens', 'input_modalities', 'audio'
UNION ALL SELECT 'sound as tokens', 'input_modalities', 'text'
UNION ALL SELECT 'sound as tokens', 'output_modalities', 'text'
