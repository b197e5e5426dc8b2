"""A portfolio whose performance can be followed by hand, for the tests of what the page says of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.live.market import OPEN
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.performance.spans import SpanName
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.performance import Asked, Performance, performance_of
from tickfolio.web.performance_data import chart_data
from tickfolio.web.performance_texts import PartText, PerformanceText

CONTRACT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "contract" / "performance_page.json").read_text(encoding="utf-8")
)
THURSDAY = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


def market_at(price: str, *, minutes: int = 0) -> None:
    """AAPL has that price, so long after the first look. It opened at 500 and rose by 1 a minute."""
    at = LATER + timedelta(minutes=minutes)
    bars = tuple(bar(f"{500 + minute}.00", at=OPEN + timedelta(minutes=minute)) for minute in range(0, 30, 10))
    market_changes_record(changes=changes(quotes=(quote(price, at=at),), bars=bars, clock=ClockPosition(run=1, at=at)))


def long_held(name: str = "alice") -> Book:
    """In euros: 10 AAPL since March of 2011, 2,000.00 USD more that September, 3,000.00 in today and 500.00 out."""
    mine = book(person(name))
    add(mine, deposit(mine, "9000.00"))
    add(mine, purchase(mine, quantity="10"))
    add(mine, deposit(mine, "2000.00", at=OPEN.replace(year=2011, month=9, day=1, hour=15)))
    add(mine, deposit(mine, "3000.00", at=OPEN + timedelta(minutes=21)))
    add(mine, deposit(mine, "500.00", at=OPEN + timedelta(minutes=25), type=TransactionType.WITHDRAWAL))
    market_at("510.00")
    return mine


def performance(mine: Book, name: SpanName = SpanName.ALL, **more: Any) -> Performance:
    """What was earned over a span."""
    found = performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(name=name, **more))
    assert found is not None
    return found


def without_ids(found: Performance, mine: Book) -> dict[str, Any]:
    """The data of the page, with a name for the account that every test has its own number of."""
    data: dict[str, Any] = json.loads(json.dumps(chart_data(found)).replace(mine.account_id, "a-1"))
    return data


def live_texts(text: PerformanceText) -> dict[str, Any]:
    """What the page's scripts write too."""
    now = text.years[0]
    return {
        "twr": text.twr.text,
        "gain": text.gain.text,
        "closing": text.closing,
        "annual": text.annual,
        "mwr": text.mwr.text,
        "month": next(month.text for month in now.months if month.is_now),
        "shade": next(month.shade for month in now.months if month.is_now),
        "year": now.whole,
        "parts": {part.key: row_texts(part) for part in text.parts},
        "total": row_texts(text.total),
    }


def row_texts(part: PartText) -> list[str]:
    """The points and the gain of a row."""
    return [part.points.text, part.gain.text]
