"""The city's institutions, one app a floor; a floor knows only the floors below it."""
