"""Schema history of organisations."""
