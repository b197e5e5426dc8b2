"""A transaction typed in one line: its grammar (docs/reference/fast-entry.md), read part by part and written back."""
