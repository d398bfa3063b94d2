"""Schema history of moderation."""
