"""What the scripts of the performance page draw and keep moving; frontend/src/charts/days_data.ts reads it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import plain
from tickfolio.services.performance import Performance
from tickfolio.web.performance_texts import in_coins

MOST_POINTS = 1500
"""Of a line; what has more is thinned out to its lows and highs."""
_INDEX_PLACES = 8
_DIGITS = 12


def chart_data(found: Performance) -> dict[str, object]:
    """The data of the page. Days count from the one before the span; amounts are texts."""
    growths = [float(value) for _, value in found.index]
    places = thinned(growths, most=MOST_POINTS)
    before = found.span.before
    figures, edge = found.figures, found.edge
    return {
        "first": before.isoformat(),
        "days": places,
        "index": [round(growths[place], _INDEX_PLACES) for place in places],
        "values": [str(in_coins(found.values[place], found)) for place in places],
        "depths": [round(found.depths[place][1], _INDEX_PLACES) for place in places],
        "marks": [
            {"day": (mark.day - before).days, "kind": mark.kind, "count": mark.count} for mark in found.marks
        ],
        "currency": found.book.base.code,
        "head": found.head,
        "ends_now": found.span.last == found.today,
        "day": found.today.isoformat(),
        "zone": found.book.zone.key,
        "gain": str(in_coins(figures.gain, found)),
        "closing": str(in_coins(figures.closing, found)),
        "weight": _number(found.parts.weight),
        "rows": [
            {"key": row.key, "part": row.part, "quantity": plain(row.quantity), "value": str(row.value)} for row in found.rows
        ],
        "parts": [
            {"key": part.key, "gain": str(part.gain), "contribution": _number(part.contribution)} for part in found.parts.parts
        ],
        "month": _number(found.months.get((found.today.year, found.today.month))),
        "year": _number(found.years.get(found.today.year)),
        "span_days": figures.days,
        "mwr": None if isinstance(figures.mwr, NotAvailable) else {
            "shown": _number(figures.mwr.shown), "slope": _number(found.mwr_slope),
        },
        "benchmark": _benchmark_data(found, places),
        "edge": None if edge is None else {
            "factor": _digits(edge.factor),
            "invested": str(edge.invested),
            "outflow": str(edge.outflow),
            "uncounted": str(edge.uncounted),
        },
    }  # fmt: skip


def _benchmark_data(found: Performance, places: list[int]) -> dict[str, object] | None:
    benchmark = found.benchmark
    if benchmark is None or isinstance(benchmark.index, NotAvailable):
        return None
    return {
        "symbol": benchmark.symbol,
        "index": [round(float(benchmark.index[place][1]), _INDEX_PLACES) for place in places],
    }


def _number(value: Decimal | float | None) -> float | None:
    """As many digits as any figure of the page can show; the last ones of a binary number are another machine's."""
    return None if value is None else float(f"{value:.{_DIGITS}g}")


def _digits(factor: Decimal) -> str:
    return f"{factor:.18f}"


def thinned(days: Sequence[float], *, most: int) -> list[int]:
    """The places of at most about `most` values of a line: of each stretch its lowest and its highest, and both ends."""
    count = len(days)
    if count <= most:
        return list(range(count))
    stretch = -(-2 * count // most)
    kept = {0, count - 1}
    for begin in range(0, count, stretch):
        places = range(begin, min(begin + stretch, count))
        kept |= {min(places, key=days.__getitem__), max(places, key=days.__getitem__)}
    return sorted(kept)
