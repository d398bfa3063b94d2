"""Moderation: reporting, what the office decides about it, appeals, and public figures."""
