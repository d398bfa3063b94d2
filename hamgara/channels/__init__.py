"""Messages out: which event tells whom what."""
