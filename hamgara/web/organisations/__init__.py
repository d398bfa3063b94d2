"""Organisations: the directory, profiles, applications, mandates, and the tree of municipal units."""
