"""What a capture asks for, in which order, and what becomes of the answers."""
