-- The list-valued facts of each distinct model side by side, and the gates that stand before its parts.
SELECT
    g.unique_model_id,
    rg.required_gated,
    xc.elements AS external_components,
    wf.elements AS weight_formats,
    qu.elements AS quantizations,
    rl.elements AS required_licenses,
    rw.elements AS runtimes,
    rx.elements AS runtimes_experimental
FROM unique_sum g
LEFT JOIN required_gate rg ON rg.unique_model_id = g.unique_model_id
LEFT JOIN unique_values xc ON xc.unique_model_id = g.unique_model_id AND xc.column_name = 'external_components'
LEFT JOIN unique_values wf ON wf.unique_model_id = g.unique_model_id AND wf.column_name = 'weight_formats'
LEFT JOIN unique_values qu ON qu.unique_model_id = g.unique_model_id AND qu.column_name = 'quantizations'
LEFT JOIN unique_values rl ON rl.unique_model_id = g.unique_model_id AND rl.column_name = 'required_licenses'
LEFT JOIN unique_runtime rw ON rw.unique_model_id = g.unique_model_id AND rw.status = 'works'
LEFT JOIN unique_runtime rx ON rx.unique_model_id = g.unique_model_id AND rx.status = 'experimental'
