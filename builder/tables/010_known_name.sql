-- One row per repository id that anything mentions, with what its name says.
SELECT DISTINCT
    repo_id, lower_id, owner, title, stem, line, prefix_owner, prefix_stem, prefix_line, quantization, bits,
    float_bits, ported, copy_word, training_word, asr_word, instruct_word, base_word, stated_billions
FROM name
