"""Floor 2: persons, sign-in, wishes about notices."""
