-- The table `hosted_references`.
SELECT
    build.snapshot_date, h.system_id, h.provider, h.title, h.audio_input, h.text_prompt, h.audio_max_s,
    h.audio_max_bytes, h.context_length, h.max_output_tokens, h.source_url, h.checked_on, h.note
FROM hosted_system h
CROSS JOIN build
