"""What was promised: the list, one commitment, and all that promisers do with it."""
