"""Schema history of oversight."""
