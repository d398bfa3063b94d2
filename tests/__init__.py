"""The rules, checked."""
