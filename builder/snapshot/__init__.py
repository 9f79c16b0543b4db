"""The validated tables of one date and the manifest that describes them."""
