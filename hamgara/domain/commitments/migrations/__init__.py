"""Schema history of commitments."""
