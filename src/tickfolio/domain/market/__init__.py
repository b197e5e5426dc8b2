"""TICKS → QUOTE BOOK: what the market said, when, and how good it is."""
