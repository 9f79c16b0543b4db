"""Evidence becomes relations: shards are parsed, here or by many processes, and what they gave is checked."""
