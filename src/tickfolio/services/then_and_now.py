"""What a portfolio was worth and had earned by what was known at one time, beside what is known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.span_figures import span_figures
from tickfolio.domain.valuation.valuation import Row, Totals
from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.as_of import AsOf, ledger_as_of, moment_at
from tickfolio.services.known_books import Changes, changes_between, known_at, known_now
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.valuations import recorded_market
from tickfolio.words import phrase

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class FiguresKnown:
    """A portfolio at the end of a day by one state of knowledge, from its first transaction on; in the base currency.

    Attributes:
        totals: value, cost and unrealized profit and loss.
        flows: what came over the border less what left.
        gain: what was earned since the first transaction.
        twr: the time-weighted return since then, as a fraction.
    """

    totals: Totals
    rows: tuple[Row, ...]
    flows: Decimal
    gain: Decimal
    twr: Decimal | NotAvailable


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """The same day by two states of knowledge.

    Attributes:
        day: the day of the owner at whose end the figures are; today's are of the market's moment.
        at: that moment of the market.
        known_at: the moment of real time up to which the first knows.
        then, now: None before the first transaction that they know of.
        changes: the versions of transactions that were recorded since.
    """

    base: Currency
    zone: ZoneInfo
    day: date
    today: date
    at: datetime
    known_at: datetime
    then: FiguresKnown | None
    now: FiguresKnown | None
    changes: Changes


def then_and_now(*, actor: Actor, portfolio_id: str, known_by: datetime, as_of: date | None = None) -> ThenAndNow:
    """What was known of a day at one time, and what is known of it now.

    Args:
        known_by: a moment of real time.
        as_of: a day of the market in the owner's zone; None: today.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come, or the moment is.
        ImpossibleLedger: the transactions cannot follow one another.
    """
    if known_by > (now := SystemClock().now()):
        raise InvalidValue(
            phrase("Expected a moment up to now, {now}, was {found}.", now=_minute(now), found=_minute(known_by))
        )
    before, after = (
        known_at(actor=actor, portfolio_id=portfolio_id, at=known_by),
        known_now(actor=actor, portfolio_id=portfolio_id),
    )
    zone, recorded = ZoneInfo(after.zone), recorded_market()
    today = recorded.at.astimezone(zone).date()
    moment = moment_at(recorded, as_of, zone)

    def figures(as_of: AsOf) -> FiguresKnown | None:
        with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id, market=recorded) as seen:
            found = series_now(seen.shelf, seen.held, seen.market)
        if found is None:
            return None
        whole = span_figures(found.series.whole, opening=ZERO)
        return FiguresKnown(found.valuation.totals, tuple(found.valuation.rows), whole.net_flow, whole.gain, whole.twr)

    return ThenAndNow(
        base=Currency(after.base),
        zone=zone,
        day=as_of or today,
        today=today,
        at=moment,
        known_at=known_by,
        then=figures(AsOf(as_of, known_by)),
        now=figures(AsOf(as_of)),
        changes=changes_between(actor=actor, portfolio_id=portfolio_id, before=before, after=after),
    )


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
