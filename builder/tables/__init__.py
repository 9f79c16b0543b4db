"""Facts across records, as numbered SQL steps, and the curated facts they join."""
