"""Pages of searching: one box over everything that is public."""
