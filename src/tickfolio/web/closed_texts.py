"""Closed positions in words and figures. Nothing of them moves with the market."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.gain_rows import GainTotals
from tickfolio.services.closed_positions import ClosedPosition, ClosedPositions
from tickfolio.web.figures import DASH, money_text, part_of
from tickfolio.web.holding_texts import NO_FIGURE, Figure, gain, percent
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import counted_phrase, phrase


@dataclass(frozen=True, slots=True)
class ClosedText:
    """A closed position, or what all of them sum to; `note` says what the sums leave out, and is empty where that is nothing."""

    symbol: str
    name: str
    account: str
    address: str
    opened: str
    closed: str
    cost: str
    proceeds: str
    realized: Figure
    percent: Figure
    note: str


@dataclass(frozen=True, slots=True)
class ClosedTable:
    """The table of closed positions."""

    rows: tuple[ClosedText, ...]
    total: ClosedText


def closed_table(found: ClosedPositions, *, portfolio_id: str) -> ClosedTable:
    """The table; each row leads to the closed lots behind it."""
    return ClosedTable(
        rows=tuple(_row(each, portfolio_id) for each in found.positions),
        total=_text(found.totals),
    )


def _row(each: ClosedPosition, portfolio_id: str) -> ClosedText:
    query = urlencode({"year": "all", "account": each.account, "symbol": each.symbol})
    return _text(
        each.totals,
        symbol=each.symbol,
        name="" if each.name == each.symbol else each.name,
        account=each.account_name,
        address=f"/portfolios/{portfolio_id}/gains/?{query}",
        opened=phrase("not known") if isinstance(each.opened, NotAvailable) else short_day_text(each.opened),
        closed=short_day_text(each.closed),
    )


def _text(totals: GainTotals, **words: str) -> ClosedText:
    """Sums of lots of which none has a gain are not known, and not zero."""
    is_known = totals.counted > 0 or totals.left_out == 0
    left_out = counted_phrase(
        "without {count} lot of unknown gain", "without {count} lots of unknown gain", totals.left_out
    )
    return ClosedText(
        **(dict.fromkeys(("symbol", "name", "account", "address", "opened", "closed"), "") | words),
        cost=money_text(totals.cost) if is_known else DASH,
        proceeds=money_text(totals.proceeds) if is_known else DASH,
        realized=gain(totals.gain) if is_known else NO_FIGURE,
        percent=percent(part_of(totals.gain, totals.cost)) if is_known else NO_FIGURE,
        note=left_out if totals.left_out else "",
    )
