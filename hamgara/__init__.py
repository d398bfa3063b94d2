"""Hamgara: the software of a city that is run with its people."""
