"""The page of the founding gathering."""
