"""What it takes to explain a figure: the tree of a time-weighted return over five years, made and written down as data.

The portfolio is that of the performance page's figures: 300 holdings, 14,400 transactions, a flow about every week.
"""

from __future__ import annotations

from benchmarks.bench_returns import page_times
from benchmarks.report import Figure


def run() -> list[Figure]:
    """The figure."""
    return [Figure("explain.tree", page_times()[-1], "ms")]
