"""Scorecards: the city, its units, places, fields and organisations in figures and pictures."""
