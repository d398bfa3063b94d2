"""Schema history of imports."""
