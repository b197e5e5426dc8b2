"""The performance of a portfolio in words and figures.

The page's scripts write the live ones the same way: frontend/src/cells/performance.ts is the twin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.performance.mwr import MoneyWeighted
from tickfolio.domain.performance.spans import Span, SpanName
from tickfolio.services.performance import Asked, PartBy, Performance, Scope
from tickfolio.services.performance_parts import PartFigures
from tickfolio.web.attribution_texts import ChoiceText
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.figures import (
    count_text,
    direction,
    money_direction,
    money_text,
    percent_of,
    percent_text,
    signed_money_text,
    signed_text,
)
from tickfolio.web.holding_texts import Figure
from tickfolio.web.month_texts import YearText, year_texts
from tickfolio.web.notation import short_day
from tickfolio.web.risk_texts import DrawdownText, RiskTexts, drawdown_text, risk_texts
from tickfolio.words import counted_phrase, marked_phrase, phrase

SPAN_TEXTS = {
    SpanName.DAY: marked_phrase("1D"),
    SpanName.WEEK: marked_phrase("1W"),
    SpanName.MONTH_TO_DATE: marked_phrase("MTD"),
    SpanName.YEAR_TO_DATE: marked_phrase("YTD"),
    SpanName.YEAR: marked_phrase("1Y"),
    SpanName.THREE_YEARS: marked_phrase("3Y"),
    SpanName.FIVE_YEARS: marked_phrase("5Y"),
    SpanName.ALL: marked_phrase("All"),
}
BY_NAMES = {
    PartBy.HOLDING: marked_phrase("Holding"),
    PartBy.ACCOUNT: marked_phrase("Account"),
    PartBy.CLASS: marked_phrase("Class"),
    PartBy.CURRENCY: marked_phrase("Currency"),
}
PUT_TOGETHER_FROM = 16
SHOWN_OF_MANY = 12


@dataclass(frozen=True, slots=True)
class PartText:
    """A row of what made the return.

    Attributes:
        width: of its bar, in percent of half of the column.
        address: of its own page; empty where it has none.
        is_minor: one of many that are put together until all are asked for.
        is_part: whether it is one of the parts, and not what none of them has, others or all.
    """

    key: str
    name: str
    detail: str
    gain: Figure
    points: Figure
    width: str
    address: str
    is_minor: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class PerformanceText:
    """All that the page says.

    Attributes:
        words: from when to when.
        reason: why there is no time-weighted return; empty where there is one.
        annual: the return a year; empty for less than a year.
        others: the minor parts put together; None where there are few.
        notes: what the figures leave out, and why.
    """

    words: str
    opening_name: str
    closing_name: str
    twr: Figure
    reason: str
    annual: str
    coverage: tuple[str, ...]
    opening: str
    flows: str
    gain: Figure
    closing: str
    mwr: Figure
    mwr_note: str
    uncovered: str
    drawdown: DrawdownText
    risk_days: str
    risk: RiskTexts
    years: tuple[YearText, ...]
    parts: tuple[PartText, ...]
    others: PartText | None
    total: PartText
    spans: tuple[ChoiceText, ...]
    choices: tuple[ChoiceText, ...]
    benchmark: BenchmarkText | None
    notes: tuple[str, ...]


def performance_text(found: Performance) -> PerformanceText:
    """The page of one span."""
    figures, ends_now = found.figures, found.span.last == found.today
    twr = figures.twr
    mwr, mwr_note = _money_weighted(figures.mwr)
    return PerformanceText(
        words=_words(found.span, ends_now=ends_now),
        opening_name=phrase("Value {short_day}", short_day=short_day(found.span.before)),
        closing_name=phrase("Value now")
        if ends_now
        else phrase("Value {short_day}", short_day=short_day(found.span.last)),
        twr=_fraction(twr),
        reason=twr.reason if isinstance(twr, NotAvailable) else "",
        annual="" if isinstance(figures.annual, NotAvailable) else percent_text(figures.annual * 100),
        coverage=_coverage(found),
        opening=money_text(in_coins(figures.opening, found)),
        flows=signed_money_text(in_coins(figures.net_flow, found)),
        gain=_money(in_coins(figures.gain, found)),
        closing=money_text(in_coins(figures.closing, found)),
        mwr=mwr,
        mwr_note=mwr_note,
        uncovered=signed_money_text(in_coins(figures.uncovered, found)) if figures.uncovered else "",
        drawdown=drawdown_text(found.drawdown),
        risk_days=counted_phrase(
            "{shown} daily return",
            "{shown} daily returns",
            found.risk.returns,
            shown=count_text(found.risk.returns),
        ),
        risk=risk_texts(found.risk, found.drawdown),
        years=year_texts(found),
        parts=_parts(found),
        others=_others(found),
        total=_total(found),
        spans=tuple(
            ChoiceText(text, address(found.asked, name=name), is_current=found.span.name is name)
            for name, text in SPAN_TEXTS.items()
        ),
        choices=tuple(
            ChoiceText(text, address(found.asked, by=by), is_current=found.asked.by is by)
            for by, text in BY_NAMES.items()
        ),
        benchmark=_benchmark(found),
        notes=tuple(_notes(found)),
    )


def address(asked: Asked, *, name: SpanName | None = None, by: PartBy | None = None, scope: Scope | None = None) -> str:
    """The query string of a page that differs in what is given. A span by name replaces chosen days.

    The benchmark that the portfolio remembers need not be named; none at all is, where it remembers one.
    """
    query: dict[str, str] = {}
    if name is None and asked.first is not None and asked.last is not None:
        query |= {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
    else:
        query["span"] = (name or asked.name).value
    wanted = asked.scope if scope is None else scope
    if wanted.by is not None:
        query["of"] = f"{wanted.by.value}:{wanted.key}"
    if (by or asked.by) is not PartBy.HOLDING:
        query["by"] = (by or asked.by).value
    if asked.against != asked.usual:
        query["against"] = asked.against
    return f"?{urlencode(query)}"


CASH_KEY = " cash"
"""How the key of a currency's cash ends, after its code."""


def part_name(found: Performance, by: PartBy, key: str) -> str:
    """What a part is called."""
    if by is PartBy.ACCOUNT:
        return next((account.name for account in found.book.accounts if account.id == key), key)
    if by is PartBy.HOLDING and key.endswith(CASH_KEY):
        return phrase("{currency} cash", currency=key.removesuffix(CASH_KEY))
    return CLASS_NAMES.get(key, key) if by is PartBy.CLASS else key


# ---------- The head ----------


def _words(span: Span, *, ends_now: bool) -> str:
    if span.name is SpanName.DAY:
        return phrase("today")
    begins = short_day(span.first)
    if ends_now:
        return phrase("{begins} to now", begins=begins)
    return phrase("{begins} to {short_day}", begins=begins, short_day=short_day(span.last))


def _coverage(found: Performance) -> tuple[str, ...]:
    figures, span = found.figures, found.span
    covered = figures.days - figures.incomplete
    said = [
        phrase(
            "{count_text} of {counted} fully valued",
            count_text=count_text(covered),
            counted=_days(figures.days),
        ),
        phrase("younger than this span: shown from its first day, {short_day}", short_day=short_day(span.first))
        if span.is_shorter
        else "",
    ]
    return tuple(each for each in said if each)


def _money_weighted(mwr: MoneyWeighted | NotAvailable) -> tuple[Figure, str]:
    if isinstance(mwr, NotAvailable):
        return Figure(phrase("not available"), "none"), mwr.reason
    return _fraction(mwr.shown), phrase("a year, XIRR") if mwr.days >= 365 else phrase("for the span")


def _notes(found: Performance) -> list[str]:
    figures = found.figures
    notes = []
    if figures.uncovered:
        notes.append(
            phrase(
                "{signed_money_text} {base} came or went with holdings that had no price before, or have none "
                "any more. That is neither a gain nor a deposit or withdrawal.",
                signed_money_text=signed_money_text(in_coins(figures.uncovered, found)),
                base=found.book.base,
            )
        )
    skipped = len(figures.skipped)
    if skipped and skipped < figures.days:
        notes.append(
            phrase(
                "On {counted} there was nothing that could earn. The return leaves them out.",
                counted=_days(skipped),
            )
        )
    return notes


# ---------- Parts ----------


def _parts(found: Performance) -> tuple[PartText, ...]:
    parts = found.parts.parts
    widest = max([abs(part.contribution) for part in parts], default=0.0)
    minor = {part.key for part in _minor(found)}
    rows = [replace(_part(found, part, widest), is_minor=part.key in minor) for part in parts]
    timing = _points(found.parts.timing)
    if timing.direction in ("up", "down"):
        # Between the flows of a day only the whole was valued, so no part can have it.
        rows.append(PartText("timing", phrase("Within days with a flow"), "", Figure(), timing, "0", ""))
    return tuple(rows)


def _minor(found: Performance) -> list[PartFigures]:
    """The parts that contributed least, one way or the other, where there are many."""
    parts = found.parts.parts
    if len(parts) < PUT_TOGETHER_FROM:
        return []
    return sorted(parts, key=lambda part: -abs(part.contribution))[SHOWN_OF_MANY:]


def _others(found: Performance) -> PartText | None:
    minor = _minor(found)
    if not minor:
        return None
    gain = sum((part.gain for part in minor), Decimal(0))
    points = _points(math.fsum(part.contribution for part in minor))
    return PartText("others", phrase("{count} others", count=count_text(len(minor))), "", _money(gain), points, "0", "")


def _part(found: Performance, part: PartFigures, widest: float) -> PartText:
    by = found.asked.by
    name = part_name(found, by, part.key)
    detail = ""
    if by is PartBy.HOLDING:
        instrument = found.book.instruments.get(Symbol(part.key))
        detail = "" if instrument is None or instrument.name == part.key else instrument.name
    return PartText(
        key=part.key,
        name=name,
        detail=detail,
        gain=_money(part.gain),
        points=_points(part.contribution),
        width=f"{abs(part.contribution) / widest * 100:.1f}" if widest else "0",
        address="" if found.asked.scope.by is not None else address(found.asked, scope=Scope(by, part.key)),
        is_part=True,
    )


def _total(found: Performance) -> PartText:
    figures = found.figures
    points = None if isinstance(figures.twr, NotAvailable) else rounded(figures.twr * 100, places=2)
    return PartText(
        "",
        phrase("Return"),
        "",
        _money(in_coins(figures.gain, found)),
        Figure(signed_text(points, places=2), direction(points)),
        "",
        "",
    )


def _points(contribution: float) -> Figure:
    points = percent_of(contribution)
    return Figure(signed_text(rounded(points, places=2), places=2), direction(points))


# ---------- The benchmark ----------


@dataclass(frozen=True, slots=True)
class BenchmarkText:
    """What the same time came to in a benchmark. `ahead` is empty where one of both returns is not known."""

    symbol: str
    name: str
    twr: Figure
    reason: str
    ahead: str
    value: str
    value_reason: str


def _benchmark(found: Performance) -> BenchmarkText | None:
    benchmark = found.benchmark
    if benchmark is None:
        return None
    own, twr, value = found.figures.twr, benchmark.twr, benchmark.value
    ahead = ""
    if isinstance(own, Decimal) and isinstance(twr, Decimal):
        points = rounded((own - twr) * 100, places=2)
        ahead = (
            phrase("level with it")
            if not points
            else phrase("{points} points ahead", points=money_text(points))
            if points > 0
            else phrase("{points} points behind", points=money_text(-points))
        )
    return BenchmarkText(
        symbol=benchmark.symbol,
        name=benchmark.name,
        twr=_fraction(twr),
        reason=twr.reason if isinstance(twr, NotAvailable) else "",
        ahead=ahead,
        value="" if isinstance(value, NotAvailable) else money_text(value),
        value_reason=value.reason if isinstance(value, NotAvailable) else "",
    )


# ---------- Figures ----------


def _fraction(value: Decimal | float | NotAvailable) -> Figure:
    if isinstance(value, NotAvailable):
        return Figure(phrase("not available"), "none")
    percent = value * 100 if isinstance(value, Decimal) else percent_of(value)
    return Figure(percent_text(percent), direction(percent))


def _money(amount: Decimal) -> Figure:
    return Figure(signed_money_text(amount), money_direction(amount))


def in_coins(amount: Decimal, found: Performance) -> Decimal:
    """An exact amount with the places of the base currency, which a zero may lack."""
    return rounded(amount, places=found.book.base.minor_unit)


def _days(count: int) -> str:
    return counted_phrase("{shown} day", "{shown} days", count, shown=count_text(count))
