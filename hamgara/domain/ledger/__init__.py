"""Floor 1: the record of every official act."""
