"""Choosing: which distinct models can do a task in a given memory, best first, and why others cannot.

The core of `builder pick` and of the page: rows of a built date go in, candidates come out. What each
function needs of the tables stands in `builder.choice.candidates`.
"""
