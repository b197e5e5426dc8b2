"""The portfolio of tests/contract/portfolio_page.json as the domain values it; the scripts' tests read the same file."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import MarketSession, NotAvailable, Quality, Quote, Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Day, OldestPrice, Row, RowKind, Totals, Valuation, Worth
from tickfolio.web.holding_texts import Looking, Traits

CONTRACT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "contract" / "portfolio_page.json").read_text(encoding="utf-8")
)
EXPECTED: dict[str, Any] = CONTRACT["expected"]
NOTHING = NotAvailable("not in the example")


def moment(text: str) -> datetime:
    """A moment of the wire."""
    return datetime.fromisoformat(text).astimezone(UTC)


def looking() -> Looking:
    """Somebody in the example's zone, at its moment of the market."""
    return Looking(
        zone=ZoneInfo(CONTRACT["zone"]),
        market_time=moment(CONTRACT["market_time"]),
        portfolio_id="p-1",
        traits={
            symbol: Traits(each["class_label"], each["sector"], each["country"])
            for symbol, each in CONTRACT["traits"].items()
        },
    )


def valuation() -> Valuation:
    """Rows in the order in which the domain gives them, and totals."""
    rows = [held_row(key, columns) for key, columns in CONTRACT["rows"].items()]
    ranks = {RowKind.HOLDING: 0, RowKind.CASH: 1, RowKind.RECEIVABLE: 2}
    rows.sort(key=lambda row: (row.account_name, ranks[row.kind], row.symbol or row.currency.code))
    return Valuation(rows=tuple(rows), totals=totals(CONTRACT["totals"]))


def totals(columns: dict[str, Any]) -> Totals:
    """Totals from those of the wire."""
    oldest = columns["oldest_symbol"]
    return Totals(
        currency=Currency(columns["currency"]),
        value=Decimal(columns["value"]),
        cost=Decimal(columns["cost"]),
        cost_unsigned=Decimal(columns["cost_unsigned"]),
        unrealized=Decimal(columns["unrealized"]),
        unrealized_percent=figure(columns["unrealized_percent"]),
        day=Decimal(columns["day"]),
        day_percent=figure(columns["day_percent"]),
        day_opening=Decimal(columns["day_opening"]),
        day_price=Decimal(columns["day_price"]),
        day_trading=Decimal(columns["day_trading"]),
        day_income=Decimal(columns["day_income"]),
        day_fees=Decimal(columns["day_fees"]),
        day_taxes=Decimal(columns["day_taxes"]),
        day_currency=Decimal(columns["day_currency"]),
        priced=columns["priced"],
        unpriced=columns["unpriced"],
        stale=columns["stale"],
        without_day=columns["without_day"],
        without_cost=columns["without_cost"],
        oldest=None if oldest is None else OldestPrice(Symbol(oldest), moment(columns["oldest_time"])),
        reference_day=None if columns["reference_day"] is None else date.fromisoformat(columns["reference_day"]),
    )


def held_row(key: str, columns: dict[str, Any]) -> Row:
    """A row from one of the wire."""
    kind, currency = RowKind(columns["kind"]), Currency(columns["currency"])
    symbol = None if kind is RowKind.CASH else Symbol(columns["symbol"])
    is_holding = kind is RowKind.HOLDING
    return Row(
        key=key,
        kind=kind,
        account=AccountId(columns["account"]),
        account_name=columns["account_name"],
        symbol=symbol,
        currency=currency,
        name=columns["name"],
        quantity=Decimal(columns["quantity"]),
        price=None if columns["price"] is None else Decimal(columns["price"]),
        quality=Quality(columns["quality"]) if is_holding else None,
        instrument=Instrument(symbol=symbol, name=columns["name"], mic="XNYS", currency=currency) if symbol else None,
        quote=_quote(symbol, columns) if symbol and is_holding and columns["price"] else None,
        cost=figure(columns["cost"]),
        worth=Unpriced(columns["reason"]) if columns["value"] is None else _worth(columns),
    )


def figure(text: str | None) -> Decimal | NotAvailable:
    """A figure of the wire."""
    return NOTHING if text is None else Decimal(text)


def _quote(symbol: Symbol, columns: dict[str, Any]) -> Quote:
    at = moment(columns["source_time"])
    return Quote(
        symbol=symbol,
        price=Decimal(columns["price"]),
        previous_close=Decimal(columns["previous_close"]),
        session_day=at.date(),
        session=MarketSession.REGULAR,
        source_time=at,
        received_time=at,
        source="replay",
        version=1,
    )


def _worth(columns: dict[str, Any]) -> Worth:
    day = Day(
        total=Decimal(columns["day"]),
        price=Decimal(columns["day_price"]),
        trading=Decimal(columns["day_trading"]),
        income=Decimal(columns["day_income"]),
        fees=Decimal(columns["day_fees"]),
        taxes=Decimal(columns["day_taxes"]),
        currency=Decimal(columns["day_currency"]),
        percent=figure(columns["day_percent"]),
        reference=Decimal(0),
        opening=Decimal(0),
        reference_day=None,
    )
    return Worth(
        value=Decimal(columns["value"]),
        unrealized=figure(columns["unrealized"]),
        unrealized_percent=figure(columns["unrealized_percent"]),
        day=day,
    )
