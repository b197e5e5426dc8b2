"""A portfolio in words and figures, before any script runs: everything that its page's templates print.

The page's scripts write the same from the live protocol: frontend/src/cells has the twins of the rules that stand here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Totals, Valuation, Worth
from tickfolio.services.holdings_view import FIRST_VIEW, HoldingsView
from tickfolio.services.valuations import has_cost, has_value
from tickfolio.web.ages import age_text, moment_text
from tickfolio.web.figures import money_pieces, money_text, weight_text
from tickfolio.web.holding_groups import GroupText, SumText, group_texts, total_sums
from tickfolio.web.holding_texts import (
    Figure,
    Looking,
    gain,
    is_wide,
    percent,
    symbol_of,
    unpriced_note,
    value_of,
)
from tickfolio.web.named_values import named
from tickfolio.web.notation import day_and_month
from tickfolio.words import counted_phrase, phrase

OWN_SLICES = 4
MOST_NAMES = 3
PARTS = ("price", "trading", "currency", "income", "fees", "taxes")


@dataclass(frozen=True, slots=True)
class PartText:
    """A part of the day's profit and loss, and what stands behind it."""

    part: str
    name: str
    figure: Figure
    why: str


@dataclass(frozen=True, slots=True)
class TotalsText:
    """A portfolio's head. The value is in two pieces, so that the cents of a large figure can be dimmed."""

    currency: str
    whole: str
    minor: str
    day: Figure
    day_percent: Figure
    since: str
    unrealized: Figure
    unrealized_percent: Figure
    cost: str
    without: str
    priced: str
    stale: str
    oldest: str

    @property
    def value(self) -> str:
        """The value in one piece."""
        return f"{self.whole}{self.minor}"


@dataclass(frozen=True, slots=True)
class PortfolioText:
    """The whole page."""

    totals: TotalsText
    parts: tuple[PartText, ...]
    groups: tuple[GroupText, ...]
    sums: SumText
    slices: tuple[SliceText, ...]
    note: str
    is_wide: bool = False
    is_long: bool = False


MOST_PLAIN = 120
"""A table of more rows is laid out by a script (long_table.ts, which has the same number): until then its first rows stand."""


@dataclass(frozen=True, slots=True)
class SliceText:
    """A part of the whole. `colour` is the number of its category."""

    name: str
    colour: int
    value: str
    weight: str


NO_SLICE = SliceText(name="", colour=1, value="", weight="")


def portfolio_text(valuation: Valuation, *, looking: Looking, view: HoldingsView = FIRST_VIEW) -> PortfolioText:
    """The page of a portfolio that is worth `valuation`, its holdings as `view` has them."""
    totals, rows = valuation.totals, valuation.rows
    return PortfolioText(
        totals=totals_text(totals, looking=looking),
        parts=part_texts(rows, totals),
        groups=group_texts(rows, totals, looking=looking, view=view),
        sums=total_sums(rows, totals),
        slices=_slices(rows, totals),
        note=unpriced_note(rows),
        is_wide=is_wide(rows, totals),
        is_long=len(rows) > MOST_PLAIN,
    )


# ---------- The head ----------


def totals_text(totals: Totals, *, looking: Looking) -> TotalsText:
    """The head of a portfolio; figures are dashes where holdings stand there and none has a price."""
    known, cost_known = has_value(totals), has_cost(totals)
    whole, minor = money_pieces(totals.value if known else None)
    return TotalsText(
        currency=totals.currency.code,
        whole=whole,
        minor=minor,
        day=gain(totals.day if known else None),
        day_percent=percent(totals.day_percent if known else None),
        since=since_text(totals.reference_day),
        unrealized=gain(totals.unrealized if cost_known else None),
        unrealized_percent=percent(totals.unrealized_percent if cost_known else None),
        cost=money_text(totals.cost if cost_known else None),
        without=_without(totals),
        priced=_priced(totals),
        stale=_stale(totals),
        oldest=_oldest(totals, looking=looking),
    )


def coverage_text(totals: Totals) -> str:
    """How many of the holdings have a price, and how many of those an old one or no cost."""
    without = phrase("{without_cost} without cost", without_cost=totals.without_cost) if totals.without_cost else ""
    return ", ".join(told for told in (_priced(totals), _stale(totals), without) if told)


def _priced(totals: Totals) -> str:
    held = totals.priced + totals.unpriced
    return phrase("{priced} of {held} priced", priced=totals.priced, held=held) if held else phrase("nothing held")


def _without(totals: Totals) -> str:
    """What the cost and the unrealized gain leave out, to be read on from them; empty where they leave out nothing."""
    if totals.without_cost:
        return counted_phrase(
            ", without {count} holding of unknown cost",
            ", without {count} holdings of unknown cost",
            totals.without_cost,
        )
    return "" if has_cost(totals) else phrase(": no holding has a price")


def _stale(totals: Totals) -> str:
    held = totals.priced + totals.unpriced
    if not totals.stale:
        return ""
    return phrase("all stale") if totals.stale == held > 1 else phrase("{count} stale", count=totals.stale)


def _oldest(totals: Totals, *, looking: Looking) -> str:
    if totals.oldest is None:
        return ""
    at, now = totals.oldest.source_time, looking.market_time or totals.oldest.source_time
    age = phrase(", {age} old", age=age_text(now - at)) if (now - at).total_seconds() >= 60 else ""
    return phrase(
        "oldest price {moment_text}, {symbol}{age}",
        moment_text=moment_text(at, now=now, zone=looking.zone),
        symbol=totals.oldest.symbol,
        age=age,
    )


def since_text(reference_day: date | None) -> str:
    """The span that the day's figures are of; at night and on a day without trading it is not today's."""
    return phrase("since the close of {day}", day=day_and_month(reference_day)) if reference_day else phrase("today")


# ---------- Where the day comes from ----------


def part_texts(rows: Iterable[Row], totals: Totals) -> tuple[PartText, ...]:
    """The parts of the day of `rows`, whose sums are `totals`."""
    held, is_known = tuple(rows), has_value(totals)
    figures = {part: gain(getattr(totals, f"day_{part}") if is_known else None) for part in PARTS}
    reasons = _reasons(held, totals)
    return tuple(PartText(part, named(part.capitalize()), figures[part], reasons[part]) for part in PARTS)


def _reasons(rows: tuple[Row, ...], totals: Totals) -> dict[str, str]:
    days = [(row, row.worth.day) for row in rows if isinstance(row.worth, Worth) and isinstance(row.worth.day, Day)]
    valued = [row for row in rows if isinstance(row.worth, Worth)]
    foreign = [row.currency.code for row in valued if row.currency != totals.currency]
    return {
        "price": counted_phrase("{count} holding", "{count} holdings", totals.priced),
        "currency": _named(foreign) or phrase("none held"),
    } | {
        part: _named([symbol_of(row) for row, day in days if getattr(day, part)]) or phrase("none")
        for part in ("trading", "income", "fees", "taxes")
    }


def _named(names: list[str]) -> str:
    """Each name once, in order, and how many more where they are many."""
    each = sorted(set(names))
    more = len(each) - MOST_NAMES
    return ", ".join(each[:MOST_NAMES]) + (phrase(" and {more} more", more=more) if more > 0 else "")


# ---------- How the whole is divided ----------


def _slices(rows: Iterable[Row], totals: Totals) -> tuple[SliceText, ...]:
    """The largest instruments, the others together, then cash: `allocation` in frontend/src/cells/allocation.ts."""
    instruments: dict[str, Decimal] = {}
    cash: list[tuple[RowKind, Decimal]] = []
    for row in rows:
        value = value_of(row)
        if value is None:
            continue
        if row.kind is RowKind.HOLDING:
            instruments[symbol_of(row)] = EXACT.add(instruments.get(symbol_of(row), Decimal(0)), value)
        else:
            cash.append((row.kind, value))
    held = sorted(((name, value) for name, value in instruments.items() if value), key=lambda one: (-one[1], one[0]))
    own = held[: OWN_SLICES + 1 if len(held) == OWN_SLICES + 1 else OWN_SLICES]
    others = held[len(own) :]
    slices = [(name, number, value) for number, (name, value) in enumerate(own, start=1)]
    if others:
        slices.append((phrase("{count} others", count=len(others)), 5, exact_sum(value for _, value in others)))
    if cash:
        slices.append((cash_name(cash), 6, exact_sum(value for _, value in cash)))
    return tuple(
        SliceText(name, colour, money_text(value), weight_text(value, totals.value)) for name, colour, value in slices
    )


def cash_name(cash: list[tuple[RowKind, Decimal]]) -> str:
    """What is to be paid is no cash yet, so the slice says where some of it is."""
    due = sum(kind is RowKind.RECEIVABLE for kind, _ in cash)
    return (
        phrase("Cash") if not due else phrase("Dividends due") if due == len(cash) else phrase("Cash and dividends due")
    )
