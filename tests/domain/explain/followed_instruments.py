"""An instrument that stands beside a span, by closes that a test writes down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.domain.ledger.bookings import moment
from tests.domain.valuation.market import RATES, USD
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.standing import Sources
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Quote
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.performance.benchmark import Benchmark, unit_events
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.valuation.base_rates import BaseRates

IDX = Symbol("IDX")


def followed(
    prices: Mapping[str, str],
    *actions: CorporateAction,
    currency: Currency = USD,
    base: Currency = USD,
    quote: Quote | None = None,
    rates: RateTable = RATES,
) -> Followed:
    """IDX, which closes at 20:00 UTC of the days named; a quote goes behind the closes."""
    closes = sorted((moment(f"{day} 20:00"), Decimal(price)) for day, price in prices.items())
    if quote is not None:
        closes.append((quote.source_time, quote.price))
    history = CloseHistory([at for at, _ in closes], [price for _, price in closes])
    splits, dividends = unit_events(
        actions,
        begins_at=_begins,
        converted=lambda amount, paid_in, at: EXACT.multiply(amount, BaseRates(currency, rates).rate(paid_in, at)),
    )
    return Followed(
        instrument=Instrument(IDX, "Index fund", "XNYS", currency),
        base=base,
        zone=ZoneInfo("UTC"),
        benchmark=Benchmark(history, currency=currency, base=base, rates=rates, splits=splits, dividends=dividends),
        closes=history,
        quote=quote,
        actions=[(_begins(action.ex_date), action) for action in actions],
        sessions=frozenset(date.fromisoformat(day) for day in prices),
        sources=Sources(lambda _symbol, _at: None, rates, "closes", "a bank"),
    )


def without_sessions(found: Followed, *days: str) -> Followed:
    """The same where no session of it was held on some days."""
    return replace(found, sessions=found.sessions - {date.fromisoformat(day) for day in days})


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
