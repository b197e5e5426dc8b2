"""Reads: each gives frozen read models, never models or QuerySets."""
