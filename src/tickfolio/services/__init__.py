"""Use cases: one function is one database transaction."""
