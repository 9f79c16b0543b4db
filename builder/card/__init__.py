"""The dataset card: facts counted from a snapshot, rendered into the template."""
