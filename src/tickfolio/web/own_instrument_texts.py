"""An instrument that only one portfolio knows, in words and as a line: what was typed of its price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.money import plain
from tickfolio.services.manual_prices import PricedByHand, TypedPrice
from tickfolio.web.forms.manual_prices import unit_text
from tickfolio.web.stock_texts import day_text
from tickfolio.words import phrase

WIDTH, HEIGHT = 1000, 200
"""Of the picture in its own units; the page stretches it."""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A price as the list shows it."""

    day: date
    day_text: str
    price: str
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class OwnInstrumentText:
    """The page's own part.

    Attributes:
        price: the newest that counts; empty where none does.
        since: the day from which on it counts, in words.
        path: of the picture, a step at each price; empty with fewer than two days to draw.
        told: the picture in words.
        lines: the prices that count, the latest first.
    """

    unit: str
    price: str
    since: str
    path: str
    told: str
    first: str
    last: str
    highest: str
    lowest: str
    lines: tuple[TypedLine, ...]


def own_instrument_text(priced: PricedByHand) -> OwnInstrumentText:
    """What was typed of an instrument, without what was withdrawn."""
    standing = [each for each in priced.prices if not each.is_withdrawn]
    unit, oldest_first = unit_text(priced.instrument), standing[::-1]
    if not standing:
        return OwnInstrumentText(unit, "", "", "", "", "", "", "", "", ())
    prices = [each.price for each in standing]
    highest, lowest = plain(max(prices)), plain(min(prices))
    first, last = day_text(oldest_first[0].day), day_text(max(priced.today, standing[0].day))
    told = phrase(
        "Typed prices of {symbol} from {first} to {last}: lowest {lowest}, highest {highest} {unit}.",
        symbol=priced.instrument.symbol,
        first=first,
        last=last,
        lowest=lowest,
        highest=highest,
        unit=unit,
    )
    return OwnInstrumentText(
        unit=unit,
        price=plain(standing[0].price),
        since=day_text(standing[0].day),
        path=step_path([(each.day, each.price) for each in oldest_first], until=priced.today),
        told=told,
        first=first,
        last=last,
        highest=highest,
        lowest=lowest,
        lines=tuple(_line(each) for each in standing),
    )


def step_path(points: Sequence[tuple[date, Decimal]], *, until: date) -> str:
    """A line that stays on each price until the next one's day, and on the last up to `until`; empty where nothing is to be drawn.

    >>> step_path([(date(2012, 5, 1), Decimal(10)), (date(2012, 5, 6), Decimal(20))], until=date(2012, 5, 11))
    'M0 190H500V10H1000'
    """
    start, end = points[0][0], max(until, points[-1][0])
    days = (end - start).days
    if days == 0:
        return ""
    prices = [price for _, price in points]
    lowest, span = min(prices), max(prices) - min(prices)

    def across(day: date) -> int:
        return (day - start).days * WIDTH // days

    def down(price: Decimal) -> int:
        share = Decimal("0.5") if span == 0 else (price - lowest) / span
        return 190 - int(share * (HEIGHT - 20))

    steps = "".join(f"H{across(day)}V{down(price)}" for day, price in points[1:])
    return f"M0 {down(points[0][1])}{steps}H{WIDTH}"


def _line(typed: TypedPrice) -> TypedLine:
    return TypedLine(typed.day, day_text(typed.day), plain(typed.price), is_corrected=typed.version > 1)
