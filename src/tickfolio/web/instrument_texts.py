"""An instrument in words and figures, before any script runs: its price, what a portfolio has of it, its lots.

The page's scripts write the same: frontend/src/pages/instrument_position.ts and frontend/src/cells/lots.ts are the twins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.market.quotes import MarketSession, NotAvailable, Quality, Quote
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.valuation import Day, Worth
from tickfolio.services.instrument_pages import HeldInAccount, InstrumentHeld, ValuedLot
from tickfolio.services.quote_sources import title_of
from tickfolio.web.figures import (
    DASH,
    direction,
    money_text,
    part_of,
    percent_text,
    price_text,
    rounded_text,
    signed_text,
    weight_text,
)
from tickfolio.web.holding_texts import (
    NO_FIGURE,
    RATE_PLACES,
    Figure,
    gain,
    known,
    percent,
    shortened_quantity,
    sum_known,
)
from tickfolio.web.moments import decimal_json
from tickfolio.web.notation import day_and_month
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import counted_phrase, marked_phrase, phrase

SESSIONS = {
    MarketSession.PRE: marked_phrase("before the opening"),
    MarketSession.REGULAR: marked_phrase("regular session"),
    MarketSession.POST: marked_phrase("after the close"),
    MarketSession.CLOSED: marked_phrase("market closed"),
    MarketSession.CONTINUOUS: marked_phrase("traded around the clock"),
}
"""The same words stand in frontend/src/pages/instrument_head.ts."""

DAY_PARTS = ("price", "trading", "currency", "income", "fees", "taxes")
"""Of them price and currency are always told, the others where there are any."""

_QUALITIES = {
    Quality.LIVE: marked_phrase("live"),
    Quality.REPLAY: marked_phrase("replay"),
    Quality.DELAYED: marked_phrase("delayed"),
    Quality.SIMULATED: marked_phrase("simulated"),
    Quality.CLOSED: marked_phrase("close"),
    Quality.STALE: marked_phrase("stale"),
    Quality.MANUAL: marked_phrase("entered by hand"),
    Quality.UNPRICED: marked_phrase("no price"),
}


@dataclass(frozen=True, slots=True)
class HeadText:
    """The price, how far it can be trusted, and what it is compared with."""

    price: str = DASH
    change: Figure = NO_FIGURE
    percent: Figure = NO_FIGURE
    since: str = marked_phrase("No price has been recorded yet: the feed has not said one.")
    quality: str = "unpriced"
    trust: str = marked_phrase("no price")
    source_time: str = ""


@dataclass(frozen=True, slots=True)
class PartText:
    """A part of the day's profit and loss."""

    part: str
    figure: Figure
    is_told: bool

    @property
    def name(self) -> str:
        """By which it is explained."""
        return f"day-{self.part}"


@dataclass(frozen=True, slots=True)
class AccountText:
    """The instrument in one of several accounts; `key` is that of the row of the portfolio's page."""

    key: str
    name: str
    quantity: str
    value: str
    explained: str


@dataclass(frozen=True, slots=True)
class PositionText:
    """What is held of it, summed over accounts, in the portfolio's base currency.

    Attributes:
        explained: the query of the addresses that explain it; empty where several accounts hold it, each by itself.
        rate: how much of the base currency one unit of the instrument's is worth; empty where they are one.
        reason: why there is no value.
    """

    currency: str
    quantity: str
    whole_quantity: str
    value: str
    cost: str
    unrealized: Figure
    percent: Figure
    price_part: Figure
    currency_part: Figure
    day: Figure
    parts: tuple[PartText, ...]
    weight: str
    rate: str
    explained: str
    accounts: tuple[AccountText, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LotText:
    """An open lot."""

    key: str
    place: int
    transaction: str
    acquired: str
    account: str
    quantity: str
    whole_quantity: str
    unit_cost: str
    unit_currency: str
    cost: str
    value: str
    unrealized: Figure
    percent: str
    held: str


# ---------- The price ----------


@dataclass(frozen=True, slots=True)
class PriceSeen:
    """To whom a price is told: their zone, the market's moment, and the decimals that its exchange quotes."""

    zone: ZoneInfo
    now: datetime
    places: int


def head_text(quote: Quote, quality: Quality, seen: PriceSeen, *, reference_day: date | None) -> HeadText:
    """The price as it was recorded last."""
    places = seen.places
    change, relative = known(quote.change), known(quote.change_percent)
    return HeadText(
        price=price_text(quote.price, places=places),
        change=Figure(signed_text(change, places=places), direction(relative)),
        percent=percent(relative),
        since=since_text(quote.previous_close, reference_day, places=places),
        quality=quality.value,
        trust=trust_text(quality, quote),
        source_time=phrase(
            "source {exact_moment_text}",
            exact_moment_text=exact_moment_text(quote.source_time, now=seen.now, zone=seen.zone),
        ),
    )


def since_text(close: Decimal | None, day: date | None, *, places: int) -> str:
    """What the change is measured from.

    >>> since_text(Decimal("211.59"), date(2026, 4, 15), places=2)
    'since the close of 15 Apr, 211.59'
    """
    if close is None:
        return phrase("No previous close is known.")
    of = phrase("the previous close") if day is None else phrase("the close of {day}", day=day_and_month(day))
    return phrase("since {of}, {price_text}", of=of, price_text=price_text(close, places=places))


def trust_text(quality: Quality, quote: Quote) -> str:
    """How fresh, by whom, in which part of the day; a replay is its own source, and so is an invented market."""
    source = "" if quality in (Quality.REPLAY, Quality.SIMULATED) else title_of(quote.source)
    told = (_QUALITIES[quality], source, SESSIONS[quote.session])
    return ", ".join(str(each) for each in told if each)


def exact_moment_text(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """The time of day with its thousandths, and the day where it is not today's, as in instrument_head.ts.

    >>> at = datetime(2012, 5, 21, 14, 31, 7, 912_345, tzinfo=ZoneInfo("UTC"))
    >>> exact_moment_text(at, now=at, zone=ZoneInfo("UTC"))
    '14:31:07.912'
    """
    local = at.astimezone(zone)
    time = local.isoformat(timespec="milliseconds")[11:23]
    return time if local.date() == now.astimezone(zone).date() else f"{day_and_month(local)}, {time}"


# ---------- The position ----------


def position_text(held: InstrumentHeld) -> PositionText | None:
    """What the portfolio has of it; None where it has nothing and had nothing today."""
    if not held.parts:
        return None
    worths = [part.row.worth for part in held.parts if isinstance(part.row.worth, Worth)]
    quantity, whole_quantity = shortened_quantity(_sum(part.row.quantity for part in held.parts), places=0)
    value = sum_known([worth.value for worth in worths])
    valued = [part for part in held.parts if isinstance(part.row.worth, Worth)]
    unrealized = sum_known([known(worth.unrealized) for worth in worths])
    unsigned = sum_known([None if isinstance(each.row.cost, NotAvailable) else abs(each.row.cost) for each in valued])
    prices, currencies = _gain_parts(valued)
    days = [worth.day if isinstance(worth.day, Day) else None for worth in worths]
    is_one = len(held.parts) == 1
    return PositionText(
        currency=held.base.code,
        quantity=quantity,
        whole_quantity=whole_quantity,
        value=money_text(value),
        cost=money_text(sum_known([known(each.row.cost) for each in valued])),
        unrealized=gain(unrealized),
        percent=percent(part_of(unrealized, unsigned)),
        price_part=gain(prices),
        currency_part=gain(currencies),
        day=gain(sum_known([day.total if day else None for day in days])),
        parts=tuple(_day_part(part, days) for part in DAY_PARTS),
        weight=weight_text(value, held.totals.value),
        rate=rounded_text(held.rate, places=RATE_PLACES) if held.rate is not None else "",
        explained=_explained(held.parts[0]) if is_one else "",
        accounts=() if is_one else tuple(_account(each) for each in held.parts),
        reason=next((each.row.worth.reason for each in held.parts if not isinstance(each.row.worth, Worth)), ""),
    )


def _gain_parts(valued: Sequence[HeldInAccount]) -> tuple[Decimal | None, Decimal | None]:
    """The price and the currency part of what is not realized, where every account has them."""
    bases = [part.gain.base for part in valued if part.gain is not None]
    found = [(base.price, base.currency) for base in bases if not isinstance(base, NotAvailable)]
    if len(found) < len(bases) or not found:
        return None, None
    prices = [price for price, _ in found if not isinstance(price, NotAvailable)]
    currencies = [currency for _, currency in found if not isinstance(currency, NotAvailable)]
    if len(prices) < len(found) or len(currencies) < len(found):
        return None, None
    return sum_known(prices), sum_known(currencies)


def _day_part(part: str, days: Iterable[Day | None]) -> PartText:
    amount = sum_known([getattr(day, part) if day else None for day in days])
    return PartText(part, gain(amount), part in ("price", "currency") or bool(amount))


def _account(part: HeldInAccount) -> AccountText:
    worth = part.row.worth
    return AccountText(
        key=part.row.key,
        name=part.row.account_name,
        quantity=shortened_quantity(part.row.quantity, places=0)[0],
        value=money_text(worth.value if isinstance(worth, Worth) else None),
        explained=_explained(part),
    )


def _explained(part: HeldInAccount) -> str:
    return f"?{urlencode({'row': part.row.key})}"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


# ---------- The lots ----------


def lot_texts(held: InstrumentHeld, *, zone: ZoneInfo) -> tuple[LotText, ...]:
    """The open lots of all accounts, the first acquired first."""
    lots = [(part, place, each) for part in held.parts for place, each in enumerate(part.lots)]
    ordered = sorted(lots, key=lambda one: one[2].lot.acquired_at)
    return tuple(_lot(part, place, each, held, zone) for part, place, each in ordered)


def _lot(part: HeldInAccount, place: int, each: ValuedLot, held: InstrumentHeld, zone: ZoneInfo) -> LotText:
    lot, cost = each.lot, known(each.lot.cost)
    acquired = lot.acquired_at.astimezone(zone).date()
    unrealized = None if cost is None or each.value is None else EXACT.subtract(each.value, cost)
    quantity, whole = shortened_quantity(lot.quantity, places=0)
    unit = None if isinstance(lot.unit_cost, NotAvailable) else lot.unit_cost
    return LotText(
        key=part.row.key,
        place=place,
        # What came by a corporate action was booked by nobody, and has no page.
        transaction="" if is_derived(lot.transaction) else lot.transaction,
        acquired=short_day_text(acquired),
        account=part.row.account_name,
        quantity=quantity,
        whole_quantity=whole,
        unit_cost=DASH if unit is None else price_text(unit.amount.normalize(), places=unit.currency.minor_unit),
        unit_currency="" if unit is None else unit.currency.code,
        cost=money_text(cost),
        value=money_text(each.value),
        unrealized=gain(unrealized),
        percent=percent_text(part_of(unrealized, None if cost is None else abs(cost))),
        held=held_text(acquired, held.at.astimezone(zone).date()),
    )


def held_text(since: date, today: date) -> str:
    """How long something has been held, in whole years and months.

    >>> held_text(date(2023, 3, 14), date(2026, 4, 16)), held_text(date(2024, 8, 7), date(2026, 4, 16))
    ('3 years 1 month', '1 year 8 months')
    >>> held_text(date(2026, 4, 15), date(2026, 4, 16)), held_text(date(2026, 4, 16), date(2026, 4, 16))
    ('1 day', 'since today')
    """
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    days = (today - since).days
    if days < 1:
        return phrase("since today")
    if months < 1:
        return counted_phrase("{count} day", "{count} days", days)
    years, rest = divmod(months, 12)
    in_years = counted_phrase("{count} year", "{count} years", years) if years else ""
    in_months = counted_phrase("{count} month", "{count} months", rest) if rest else ""
    return " ".join(filter(None, (in_years, in_months)))


# ---------- What the scripts go on with ----------


def position_data(held: InstrumentHeld | None) -> dict[str, Any]:
    """What the scripts need besides the rows of the live protocol. `Any`: a JSON document."""
    if held is None:
        return {"head": 0, "rate": None, "unit": "1", "places": 2, "parts": [], "trades": []}
    return {
        "head": held.head,
        "rate": decimal_json(held.rate),
        "unit": decimal_json(held.unit),
        "places": held.base.minor_unit,
        "parts": [_part_data(part) for part in held.parts],
        "trades": [{"day": each.day.isoformat(), "kind": each.kind, "count": each.count} for each in held.trades],
    }


def _part_data(part: HeldInAccount) -> dict[str, Any]:
    return {
        "key": part.row.key,
        "cost_now": decimal_json(known(part.cost_now)),
        "lots": [
            {"quantity": decimal_json(each.lot.quantity), "cost": decimal_json(known(each.lot.cost))}
            for each in part.lots
        ],
    }
