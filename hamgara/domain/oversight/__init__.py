"""Floor 9: reviews by lot, verdicts; closes what is proved."""
