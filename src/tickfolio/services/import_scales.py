"""Prices of files brought to the unit that an instrument is quoted in: pence and pounds are never taken for one another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT, plain
from tickfolio.errors import InvalidValue
from tickfolio.statements.rows import Entry
from tickfolio.words import phrase

_WITHIN = Decimal(2)
"""An amount of which quantity × price is off by less than this factor is of that price: rounding, not another unit."""


def in_quote_unit(entry: Entry, instrument: Instrument | None, *, stated: Decimal | None) -> Entry:
    """`entry` with its price in the quote unit of `instrument`, which is another one than its currency for pence.

    A row says what its price is in by the quote unit that the file states, by a currency such as GBp, or by an amount beside
    the price: 10 at 95.00 for 9.50 GBP is in pence, for 950.00 GBP in pounds.

    Args:
        stated: the quote unit that the file states of the instrument.

    Raises:
        InvalidValue: the row says none of this, so that its amount could be another one by that factor.
    """
    if instrument is None or instrument.quote_unit == 1 or stated is not None or not entry.price or not entry.quantity:
        return entry
    in_currency = replace(entry, price=EXACT.multiply(entry.price, instrument.quote_unit))
    if entry.price_places:
        return in_currency
    product = EXACT.multiply(EXACT.multiply(entry.quantity, entry.price), instrument.contract_size)
    amount = (entry.counter_amount if entry.type is TransactionType.DIVIDEND_REINVESTED else entry.amount) or Decimal(0)
    is_in_currency = _are_close(product, amount)
    if is_in_currency != _are_close(product, EXACT.multiply(amount, instrument.quote_unit)):
        return in_currency if is_in_currency else entry
    raise InvalidValue(_undecided(entry.price, instrument))


def _are_close(one: Decimal, other: Decimal) -> bool:
    return one < EXACT.multiply(other, _WITHIN) and other < EXACT.multiply(one, _WITHIN)


def _undecided(price: Decimal, instrument: Instrument) -> str:
    quoted, unit = instrument.quoted_in, plain(instrument.quote_unit)
    by_currency = "" if "/" in quoted else phrase("write {quoted} as the currency, or ", quoted=quoted)
    return phrase(
        "Expected to be told what {plain} is in, as {symbol} is quoted in {quoted}. For prices in "
        "{quoted}, {by_currency}{unit} in a column quote_unit; for prices in {currency}, the amount in "
        "a column amount.",
        plain=plain(price),
        symbol=instrument.symbol,
        quoted=quoted,
        by_currency=by_currency,
        unit=unit,
        currency=instrument.currency,
    )
