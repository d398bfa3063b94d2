"""Schema history of demands."""
