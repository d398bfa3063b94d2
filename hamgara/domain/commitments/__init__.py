"""Floor 7: promises: who, what, measured how, by when, with what evidence."""
