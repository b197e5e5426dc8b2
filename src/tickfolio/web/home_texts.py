"""All portfolios of a person in words and figures, before any script runs: everything that the home page's templates print.

Sums are made in one currency, the one that Home adds up in: a portfolio of another base currency is valued in it as if it were
its own, so euros are never added to dollars. The page's scripts write the same from the live protocol; frontend/src/cells/home.ts
has the twins of the rules that stand here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.market.quotes import Quality, Unpriced
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Totals, Valuation, Worth
from tickfolio.services.portfolios import PortfolioView
from tickfolio.services.valuations import has_cost, has_value
from tickfolio.web.figures import DASH, money_pieces, money_text, part_of
from tickfolio.web.holding_texts import (
    NO_FIGURE,
    Figure,
    Looking,
    address_of,
    gain,
    percent,
    sum_known,
    symbol_of,
)
from tickfolio.web.home_day_texts import TogetherText, together_text
from tickfolio.web.portfolio_texts import coverage_text
from tickfolio.words import counted_phrase, phrase

MOST_MOVERS = 6
"""Together, up and down; the twin is MOST_MOVERS in frontend/src/cells/home.ts."""

MOST_CONCERNS = 6
"""How many are listed; the twin is MOST_CONCERNS in frontend/src/cells/home.ts. All of them are counted."""


NOTHING = Figure("")
"""What stands beside the figures of a portfolio that is added up as it is."""


@dataclass(frozen=True, slots=True)
class HeldValuation:
    """A portfolio and what it is worth.

    Attributes:
        home: in the currency that Home adds up in; None where that is its base currency.
    """

    portfolio: PortfolioView
    valuation: Valuation
    home: Valuation | None = None

    @property
    def together(self) -> Valuation:
        """What is added up."""
        return self.home or self.valuation

    @property
    def lacks_rate(self) -> bool:
        """Whether something of it has a value, and none in the currency that Home adds up in: a sum without it would be wrong."""
        return self.together.totals.unpriced > self.valuation.totals.unpriced


@dataclass(frozen=True, slots=True)
class NetWorthText:
    """What the portfolios of one base currency are worth together."""

    currency: str = ""
    count: int = 0
    whole: str = DASH
    minor: str = ""
    day: Figure = NO_FIGURE
    day_percent: Figure = NO_FIGURE
    unrealized: Figure = NO_FIGURE
    unrealized_percent: Figure = NO_FIGURE
    coverage: str = ""
    oldest: str = ""
    since: str = ""

    @property
    def counted(self) -> str:
        """`1 portfolio`, `3 portfolios`."""
        return counted_phrase("{count} portfolio", "{count} portfolios", self.count)


@dataclass(frozen=True, slots=True)
class EntryText:
    """A portfolio in the table. `quality` is the worst that stands behind its value; the three parts sum to the day."""

    id: str = ""
    name: str = ""
    currency: str = ""
    value: str = DASH
    home_currency: str = ""
    home_value: str = ""
    home_day: Figure = NOTHING
    day: Figure = NO_FIGURE
    day_percent: Figure = NO_FIGURE
    day_price: Figure = NO_FIGURE
    day_currency: Figure = NO_FIGURE
    day_other: Figure = NO_FIGURE
    unrealized: Figure = NO_FIGURE
    quality: str = "closed"
    coverage: str = ""


@dataclass(frozen=True, slots=True)
class EffectText:
    """What an instrument's day did to the value of portfolios of one base currency."""

    figure: Figure
    currency: str


@dataclass(frozen=True, slots=True)
class MoverText:
    """An instrument that moved."""

    symbol: str = ""
    name: str = ""
    address: str = ""
    change: Figure = NO_FIGURE
    effects: tuple[EffectText, ...] = (EffectText(NO_FIGURE, ""),)


@dataclass(frozen=True, slots=True)
class ConcernText:
    """A holding whose price needs somebody's attention, and why."""

    symbol: str = ""
    quality: str = "stale"
    what: str = ""
    why: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class HomeText:
    """The whole page; `together` are the portfolios of the first base currency, None where there is no portfolio."""

    worths: tuple[NetWorthText, ...]
    entries: tuple[EntryText, ...]
    movers: tuple[MoverText, ...]
    concerns: tuple[ConcernText, ...]
    concern_count: int
    together: TogetherText | None = None

    @property
    def more_concerns(self) -> str:
        """`and 1 more`, of those that the list has no room for; empty where it has."""
        left = self.concern_count - len(self.concerns)
        return phrase("and {left} more", left=left) if left else ""


def home_text(held: tuple[HeldValuation, ...], *, looking: dict[str, Looking]) -> HomeText:
    """The home page of somebody who has the portfolios `held`; `looking` is by the portfolio's id."""
    concerns = _concerns(held, looking=looking)
    currencies = sorted({each.together.totals.currency.code for each in held})
    by_currency = {code: [each for each in held if each.together.totals.currency.code == code] for code in currencies}
    first = by_currency[currencies[0]] if currencies else []
    return HomeText(
        worths=tuple(_net_worth(code, by_currency[code], looking=looking) for code in currencies),
        entries=tuple(
            entry_text(each.portfolio, each.valuation.totals, None if each.home is None else each.home.totals)
            for each in held
        ),
        movers=_movers(held, first, looking=looking),
        concerns=concerns[:MOST_CONCERNS],
        concern_count=len(concerns),
        together=_together(first, looking=looking) if first else None,
    )


def _together(held: list[HeldValuation], *, looking: dict[str, Looking]) -> TogetherText:
    first = held[0]
    rows = _rows(held)
    if any(each.lacks_rate for each in held):
        # A sum without what has no rate would be wrong: nothing that has a value is in it, so that all of it is a dash.
        rows = [row for row in rows if isinstance(row.worth, Unpriced)]
    return together_text(rows, first.together.totals.currency, looking=looking[first.portfolio.id])


def _rows(held: Iterable[HeldValuation]) -> list[Row]:
    return [row for each in held for row in each.together.rows]


def entry_text(portfolio: PortfolioView, totals: Totals, home: Totals | None = None) -> EntryText:
    """A portfolio as the table shows it, with what of it is added up where that is in another currency."""
    is_known = has_value(totals)
    is_home_known = home is not None and has_value(home) and home.unpriced <= totals.unpriced
    return EntryText(
        id=portfolio.id,
        name=portfolio.name,
        currency=totals.currency.code,
        value=money_text(totals.value if is_known else None),
        home_currency="" if home is None else home.currency.code,
        home_value="" if home is None else money_text(home.value if is_home_known else None),
        home_day=NOTHING if home is None else gain(home.day if is_home_known else None),
        day=gain(totals.day if is_known else None),
        day_percent=percent(totals.day_percent if is_known else None),
        day_price=gain(totals.day_price if is_known else None),
        day_currency=gain(totals.day_currency if is_known else None),
        day_other=gain(_other_parts(totals) if is_known else None),
        unrealized=gain(totals.unrealized if has_cost(totals) else None),
        quality="unpriced" if totals.unpriced else "stale" if totals.stale else "closed",
        coverage=coverage_text(totals),
    )


def _other_parts(totals: Totals) -> Decimal:
    """What is left of the day beside price and currency: trading and income, less fees and taxes, which are negative."""
    return exact_sum((totals.day_trading, totals.day_income, totals.day_fees, totals.day_taxes))


# ---------- Sums within one currency ----------


def _net_worth(code: str, held: list[HeldValuation], *, looking: dict[str, Looking]) -> NetWorthText:
    all_totals = [each.together.totals for each in held]
    lacking = [each for each in held if each.lacks_rate]
    valued = [] if lacking else [totals for totals in all_totals if has_value(totals)]
    value, day = sum_known(one.value for one in valued), sum_known(one.day for one in valued)
    costed = [] if lacking else _costed(all_totals)
    unrealized = sum_known(one.unrealized for one in costed)
    whole, minor = money_pieces(value)
    together = _together(held, looking=looking).totals
    return NetWorthText(
        currency=code,
        count=len(held),
        whole=whole,
        minor=minor,
        day=gain(day),
        day_percent=percent(part_of(day, sum_known(one.day_opening for one in valued))),
        unrealized=gain(unrealized),
        unrealized_percent=percent(part_of(unrealized, sum_known(one.cost_unsigned for one in costed))),
        coverage=_lacking_text(lacking, code) if lacking else _coverage(all_totals),
        oldest=together.oldest,
        since=together.since,
    )


def _lacking_text(lacking: list[HeldValuation], code: str) -> str:
    """Why there is no sum, and whose part it lacks."""
    return phrase(
        "no exchange rate into {currency} for {portfolios}",
        currency=code,
        portfolios=", ".join(each.portfolio.name for each in lacking),
    )


def _costed(all_totals: list[Totals]) -> list[Totals]:
    """Those whose cost is known. Where nothing is held anywhere it is 0; beside what is not known, nothing is no cost."""
    held = [one for one in all_totals if one.priced > one.without_cost]
    return held if held or not all(map(has_cost, all_totals)) else all_totals


def _coverage(all_totals: list[Totals]) -> str:
    priced, unpriced = sum(one.priced for one in all_totals), sum(one.unpriced for one in all_totals)
    stale, without = sum(one.stale for one in all_totals), sum(one.without_cost for one in all_totals)
    told = [
        phrase("{priced} of {value} priced", priced=priced, value=priced + unpriced)
        if priced + unpriced
        else phrase("nothing held")
    ]
    told += [phrase("{count} stale", count=stale)] if stale else []
    told += [phrase("{without} without cost", without=without)] if without else []
    return ", ".join(told)


# ---------- What moved ----------


def _movers(
    held: Iterable[HeldValuation], first: Iterable[HeldValuation], *, looking: dict[str, Looking]
) -> tuple[MoverText, ...]:
    """The instruments with the largest effect on the net worth of `first`, up first and down last, with their effect on each.

    What stands still just now keeps its place, so that the list does not change its length with every crossing of zero;
    where nothing moved there is no list.
    """
    rows = _holdings(held)
    changes = {
        symbol_of(row): row.quote.change_percent
        for _, row in reversed(rows)
        if row.quote is not None and isinstance(row.quote.change_percent, Decimal)
    }
    effects: dict[str, list[Decimal | None]] = {}
    for _, row in _holdings(first):
        effects.setdefault(symbol_of(row), []).append(_day_total(row))
    sums = {symbol: total for symbol, days in effects.items() if (total := sum_known(days)) is not None}
    moved = {symbol: total for symbol, total in sums.items() if symbol in changes}
    if not any(moved.values()):
        return ()
    largest = sorted(moved, key=lambda symbol: (-abs(moved[symbol]), symbol))[:MOST_MOVERS]
    ranked = sorted(largest, key=lambda symbol: (-moved[symbol], symbol))
    return tuple(_mover(symbol, changes[symbol], rows, looking=looking) for symbol in ranked)


def _mover(
    symbol: str, change: Decimal, rows: list[tuple[HeldValuation, Row]], *, looking: dict[str, Looking]
) -> MoverText:
    of_symbol = [(held, row) for held, row in rows if symbol_of(row) == symbol]
    first, row = of_symbol[0]
    effects: dict[str, list[Decimal | None]] = {}
    for held, each in of_symbol:
        effects.setdefault(held.together.totals.currency.code, []).append(_day_total(each))
    return MoverText(
        symbol=symbol,
        name=row.name,
        address=address_of(row, looking=looking[first.portfolio.id]),
        change=percent(change),
        effects=tuple(EffectText(gain(sum_known(effects[code])), code) for code in sorted(effects)),
    )


def _day_total(row: Row) -> Decimal | None:
    if not isinstance(row.worth, Worth) or not isinstance(row.worth.day, Day):
        return None
    return row.worth.day.total


def _holdings(held: Iterable[HeldValuation]) -> list[tuple[HeldValuation, Row]]:
    return [(each, row) for each in held for row in each.together.rows if row.kind is RowKind.HOLDING]


# ---------- What needs attention ----------


def _concerns(held: Iterable[HeldValuation], *, looking: dict[str, Looking]) -> tuple[ConcernText, ...]:
    """What has no price first, then what has an old one; each once, by symbol."""
    found: dict[tuple[bool, str], ConcernText] = {}
    for each in held:
        for row in each.together.rows:
            concern = _concern(row, looking=looking[each.portfolio.id])
            if concern is not None:
                found.setdefault((concern.quality != "unpriced", concern.symbol), concern)
    return tuple(found[key] for key in sorted(found))


def _concern(row: Row, *, looking: Looking) -> ConcernText | None:
    symbol, address = symbol_of(row), address_of(row, looking=looking)
    if isinstance(row.worth, Unpriced):
        return ConcernText(
            symbol, "unpriced", phrase("{symbol} has no value", symbol=symbol), row.worth.reason, address
        )
    if row.quality is Quality.STALE and row.quantity:
        return ConcernText(symbol, "stale", phrase("The price of {symbol} is old", symbol=symbol), row.name, address)
    return None


NO_WORTH, NO_ENTRY, NO_MOVER, NO_CONCERN = NetWorthText(), EntryText(), MoverText(), ConcernText()
