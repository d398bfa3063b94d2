"""Places: the city's tree, and a page for each part of it."""
