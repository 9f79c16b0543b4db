"""The pictures of the card: facts in, SVG out; the same bytes on every run and every machine."""
