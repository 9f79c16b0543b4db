"""The page: what a date's tables say about each distinct model, as the front end in `page/` reads it."""
