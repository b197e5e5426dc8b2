"""How many examples a law is tried on that costs more than others."""

from __future__ import annotations

from hypothesis import settings

FEWER = max(1, settings().max_examples // 5)
"""A whole series of days, or the tree of a figure, costs many times what a figure does."""
