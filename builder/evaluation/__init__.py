"""Accuracy: a snapshot's inferred values against rows that people judged."""
