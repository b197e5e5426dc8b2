"""The domain's rows and totals of a portfolio in the words of the wire."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

import msgspec

from tickfolio.domain.instruments import PRIVATE_MIC
from tickfolio.domain.market.quotes import NotAvailable, Quality, Unpriced
from tickfolio.domain.money import decimal_places, plain
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Totals, Worth
from tickfolio.live.wire.codec import digits, moment
from tickfolio.live.wire.messages import QuoteRow
from tickfolio.live.wire.portfolio_messages import PortfolioRow, PortfolioTotals
from tickfolio.live.wire.vocabulary import QualityName, SessionName

RATE_PLACES = 5
"""How many decimals of an exchange rate are shown."""


class _Moving(TypedDict):
    """The columns that follow the market; of the others the ledger has its say alone."""

    price: str | None
    change_percent: str | None
    quality: QualityName
    session: SessionName
    source_time: str | None
    value: str | None
    unrealized: str | None
    unrealized_percent: str | None
    day: str | None
    day_percent: str | None
    day_price: str | None
    day_currency: str | None
    day_trading: str | None
    day_income: str | None
    day_fees: str | None
    day_taxes: str | None
    reason: str | None


def portfolio_row(row: Row, *, session: SessionName, quoted: QuoteRow | None = None) -> PortfolioRow:
    """The row as pages see it.

    Args:
        session: the part of the trading day that the market of a holding is in.
        quoted: what pages see of the very quote that the row has, where they do: its texts are the same.
    """
    return PortfolioRow(
        kind=row.kind.value,
        account=row.account,
        account_name=row.account_name,
        symbol=row.currency.code if row.symbol is None else row.symbol,
        name=row.name,
        currency=row.instrument.quoted_in if row.kind is RowKind.HOLDING and row.instrument else row.currency.code,
        instrument_class=None if row.instrument is None else row.instrument.instrument_class.value,
        quantity=_quantity(row),
        price_places=_price_places(row),
        cost=_text(row.cost),
        **_moving(row, session, quoted),
    )


def moved_row(
    shown: PortfolioRow, before: Row, row: Row, *, session: SessionName, quoted: QuoteRow | None
) -> PortfolioRow:
    """The same as `portfolio_row`, at half its cost where `before`, of which `shown` was made, differs by the market alone."""
    is_as_booked = (
        row.quantity is before.quantity
        and row.instrument is before.instrument
        and row.cost == before.cost
        and row.name == before.name
        and row.account_name == before.account_name
    )
    if not is_as_booked:
        return portfolio_row(row, session=session, quoted=quoted)
    return msgspec.structs.replace(shown, **_moving(row, session, quoted))


def _moving(row: Row, session: SessionName, quoted: QuoteRow | None) -> _Moving:
    worth = row.worth if isinstance(row.worth, Worth) else None
    day = worth.day if worth is not None and isinstance(worth.day, Day) else None
    is_holding = row.kind is RowKind.HOLDING
    has_market = is_holding and (row.instrument is None or row.instrument.mic != PRIVATE_MIC)
    return {
        "price": _price(row, quoted),
        "change_percent": _change_percent(row, quoted) if is_holding else None,
        "quality": _quality(row),
        "session": session if has_market else "closed",
        "source_time": _source_time(row, quoted) if is_holding else None,
        "value": None if worth is None else plain(worth.value),
        "unrealized": None if worth is None else _text(worth.unrealized),
        "unrealized_percent": None if worth is None else _text(worth.unrealized_percent),
        "day": None if day is None else plain(day.total),
        "day_percent": None if day is None else _text(day.percent),
        "day_price": None if day is None else plain(day.price),
        "day_currency": None if day is None else plain(day.currency),
        "day_trading": None if day is None else plain(day.trading),
        "day_income": None if day is None else plain(day.income),
        "day_fees": None if day is None else plain(day.fees),
        "day_taxes": None if day is None else plain(day.taxes),
        "reason": _reason(row.worth),
    }


def portfolio_totals(totals: Totals) -> PortfolioTotals:
    """The header as pages see it."""
    oldest, reference_day = totals.oldest, totals.reference_day
    return PortfolioTotals(
        currency=totals.currency.code,
        value=plain(totals.value),
        cost=plain(totals.cost),
        cost_unsigned=plain(totals.cost_unsigned),
        unrealized=plain(totals.unrealized),
        unrealized_percent=_text(totals.unrealized_percent),
        day=plain(totals.day),
        day_percent=_text(totals.day_percent),
        day_opening=plain(totals.day_opening),
        day_price=plain(totals.day_price),
        day_currency=plain(totals.day_currency),
        day_trading=plain(totals.day_trading),
        day_income=plain(totals.day_income),
        day_fees=plain(totals.day_fees),
        day_taxes=plain(totals.day_taxes),
        priced=totals.priced,
        stale=totals.stale,
        unpriced=totals.unpriced,
        without_day=totals.without_day,
        without_cost=totals.without_cost,
        oldest_symbol=None if oldest is None else oldest.symbol,
        oldest_time=None if oldest is None else moment(oldest.source_time),
        reference_day=None if reference_day is None else reference_day.isoformat(),
    )


def _quantity(row: Row) -> str:
    """Units without needless zeros; cash with the places of its smallest coin."""
    if row.kind is RowKind.HOLDING:
        return plain(row.quantity.normalize())
    places = max(row.currency.minor_unit, decimal_places(row.quantity.normalize()))
    return plain(row.quantity.quantize(Decimal(1).scaleb(-places)))


def _price_places(row: Row) -> int:
    return RATE_PLACES if row.instrument is None else row.instrument.price_places


def _price(row: Row, quoted: QuoteRow | None) -> str | None:
    places = _price_places(row)
    if quoted is not None and row.quote is not None and row.price is row.quote.price and quoted.price_places == places:
        return quoted.price
    return digits(row.price, places=places)


def _change_percent(row: Row, quoted: QuoteRow | None) -> str | None:
    if quoted is not None:
        return quoted.change_percent
    return None if row.quote is None else _text(row.quote.change_percent)


def _source_time(row: Row, quoted: QuoteRow | None) -> str | None:
    if quoted is not None:
        return quoted.source_time
    return None if row.quote is None else moment(row.quote.source_time)


def _quality(row: Row) -> QualityName:
    if row.kind is RowKind.HOLDING:
        return (Quality.UNPRICED if row.quality is None else row.quality).value
    return "unpriced" if isinstance(row.worth, Unpriced) else "closed"


def _text(figure: Decimal | NotAvailable) -> str | None:
    return None if isinstance(figure, NotAvailable) else plain(figure)


def _reason(worth: Worth | Unpriced) -> str | None:
    if isinstance(worth, Unpriced):
        return worth.reason
    return worth.day.reason if isinstance(worth.day, NotAvailable) else None
