"""Floor 5: what people ask, support, answers."""
