"""Floor 6: what a city brings along, files of organisations, demands and people, taken in row by row."""
