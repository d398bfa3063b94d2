"""My page: what waits for me, my mandates, my wishes."""
