"""Counting votes: exact, repeatable, and with a certificate that anybody can recheck."""
