"""Prices and rates that a value rests on, as the text of a column: JSON in one spelling, ordered by symbol and currency."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.money import Currency
from tickfolio.persistence.exact_decimal import canonical


@dataclass(frozen=True, slots=True)
class KeptPrice:
    """A price per unit; splits up to `basis` are in it, and `source_time` is when the market made it."""

    symbol: Symbol
    price: Decimal
    basis: datetime
    source: str
    source_time: datetime
    quality: Quality


@dataclass(frozen=True, slots=True)
class KeptRate:
    """How much of the base currency one unit of `currency` was worth, by the rate that was published on `day`."""

    currency: Currency
    rate: Decimal
    day: date


def text_of_prices(prices: Iterable[KeptPrice]) -> str:
    """What a column keeps of prices."""
    return _text(
        [each.symbol, canonical(each.price), _moment(each.basis), each.source, _moment(each.source_time), each.quality]
        for each in sorted(prices, key=lambda each: each.symbol)
    )


def text_of_rates(rates: Iterable[KeptRate]) -> str:
    """What a column keeps of rates."""
    ordered = sorted(rates, key=lambda each: each.currency.code)
    return _text([each.currency.code, canonical(each.rate), each.day.isoformat()] for each in ordered)


def prices_from(text: str) -> tuple[KeptPrice, ...]:
    """The prices that a column keeps."""
    return tuple(
        KeptPrice(
            Symbol(symbol),
            Decimal(price),
            datetime.fromisoformat(basis),
            source,
            datetime.fromisoformat(source_time),
            Quality(quality),
        )
        for symbol, price, basis, source, source_time, quality in json.loads(text or "[]")
    )


def rates_from(text: str) -> tuple[KeptRate, ...]:
    """The rates that a column keeps."""
    return tuple(
        KeptRate(Currency(code), Decimal(rate), date.fromisoformat(day)) for code, rate, day in json.loads(text or "[]")
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _text(rows: Iterable[list[str]]) -> str:
    listed = list(rows)
    return json.dumps(listed, separators=(",", ":"), ensure_ascii=False) if listed else ""
