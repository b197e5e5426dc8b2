"""Where a portfolio's gain of a day comes from: of today as far as it has come, and of any finished day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.attribution import Contribution, contributions_of
from tickfolio.domain.valuation.spans import SpanChange, span_change
from tickfolio.domain.valuation.windows import day_begins, day_ends
from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.book_prices import price_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.ledgers import HeldBook, Shelf
from tickfolio.services.valuations import value_of
from tickfolio.words import phrase

MOST_DAYS = 32
"""Finished days that are kept of one portfolio, so that going back and forth costs nothing."""


@dataclass(frozen=True, slots=True)
class DayAttribution:
    """A day's gain by its causes, in the base currency.

    Attributes:
        day: in the owner's time zone.
        today: the day that the market's moment is in.
        first: the day of the first transaction; None without one.
        contributions: of each row that has a gain.
        change: what the gains sum to; None for today, whose rows have windows of their own.
        without: how many rows have no gain.
    """

    day: date
    today: date
    first: date | None
    base: Currency
    contributions: tuple[Contribution, ...]
    change: SpanChange | None
    without: int

    @property
    def is_today(self) -> bool:
        """Whether the day is not over."""
        return self.day == self.today


def attribution_of(*, actor: Actor, portfolio_id: str, as_of: AsOf = NOW) -> DayAttribution:
    """The gain of a day, or of today, by its causes.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come, or before the first transaction.
    """
    with ledger_as_of(AsOf(known_by=as_of.known_by), actor=actor, portfolio_id=portfolio_id) as seen:
        held, today = seen.held, seen.today
        first, wanted = _first_day(held, held.book.zone), as_of.day or today
        if wanted > today:
            raise InvalidValue(
                phrase("Expected a day up to {today}, the market's today, was {wanted}.", today=today, wanted=wanted)
            )
        if wanted != today and (first is None or wanted < first):
            since = phrase("none is booked yet") if first is None else phrase("the first is of {first}", first=first)
            raise InvalidValue(
                phrase("Expected a day since the first transaction, was {wanted}; {since}.", wanted=wanted, since=since)
            )
        if wanted == today:
            valuation = value_of(seen.shelf, seen.market)
            without = valuation.totals.unpriced + valuation.totals.without_day
            return DayAttribution(wanted, today, first, held.book.base, contributions_of(valuation), None, without)
        change = _finished(seen.shelf, held, wanted)
    return DayAttribution(
        wanted, today, first, held.book.base, change.contributions, change, without=len(change.left_out)
    )


def _finished(shelf: Shelf, held: HeldBook, day: date) -> SpanChange:
    """The change of a day that is over, worked out once."""
    found = shelf.day_changes.pop(day, None)
    if found is None:
        zone = held.book.zone
        found = span_change(
            held.book,
            since=day_begins(day, zone),
            until=day_ends(day, zone),
            price_of=price_of(held.book, upto=shelf.bars),
            rates=rate_table_now(),
        )
    shelf.day_changes[day] = found
    while len(shelf.day_changes) > MOST_DAYS:
        shelf.day_changes.popitem(last=False)
    return found


def _first_day(held: HeldBook, zone: ZoneInfo) -> date | None:
    moments = [each.at for each in held.book.transactions]
    return min(moments).astimezone(zone).date() if moments else None
