"""Floor 10: what people report, what the office hides or leaves, and appeals against that."""
