-- Modalities and domains of each architecture, of a text model that takes sound as tokens, and of what is only
-- known to be an audio-language model.
SELECT model_type, column_name, value FROM architecture_value
UNION ALL SELECT 'audio and text', 'input_modalities', 'audio'
UNION ALL SELECT 'audio and text', 'input_modalities', 'text'
UNION ALL SELECT 'audio and text', 'output_modalities', 'text'
UNION ALL SELECT 'sound as tokens', 'input_modalities', 'audio'
UNION ALL SELECT 'sound as tokens', 'input_modalities', 'text'
UNION ALL SELECT 'sound as tokens', 'output_modalities', 'text'
