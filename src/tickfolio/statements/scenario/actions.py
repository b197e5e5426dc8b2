"""Corporate actions as a scenario or a file of their own states them.

**Source**: docs/reference/scenario-format.md, section Corporate actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

import msgspec

from tickfolio.domain.corporate_actions import (
    CapitalRepayment,
    CashDividend,
    CorporateAction,
    Demerger,
    Renaming,
    Split,
    StockDistribution,
    Takeover,
)
from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.domain.money import Currency, parse_decimal
from tickfolio.errors import InvalidValue, StatementError, TickfolioError
from tickfolio.statements.scenario.parts import Code, Given, Name, Number, Whole
from tickfolio.words import phrase

MAX_BYTES = 10 * 2**20

type CurrencyOf = Callable[[Symbol], Currency | None]
type ActionType = Literal[
    "split", "cash_dividend", "stock_dividend", "spin_off", "merger", "return_of_capital", "symbol_change"
]


class InvalidActions(StatementError):
    """A file of corporate actions that cannot be read; the message says where and what was expected."""

    code = "invalid_actions"


class GivenAction(Given, kw_only=True):
    """One corporate action of an instrument."""

    symbol: Name
    type: ActionType
    ex_date: date
    pay_date: date | None = None
    new: Whole = ""
    old: Whole = ""
    amount: Number = ""
    currency: Code = ""
    new_symbol: str = ""
    cost_share: Number = ""


def corporate_action(given: GivenAction, *, currency: Currency | None = None) -> CorporateAction:
    """What `given` states.

    Args:
        currency: of the instrument, where the action states none.

    Raises:
        InvalidValue: a field is missing, is of another type of action, or has a value that cannot be.
    """
    _require_fields(given)
    symbol = normalise_symbol(given.symbol)
    paid_in = Currency(given.currency) if given.currency else currency
    match given.type:
        case "split":
            return Split(symbol, given.ex_date, int(given.new), int(given.old))
        case "stock_dividend":
            return StockDistribution(symbol, given.ex_date, int(given.new), int(given.old))
        case "spin_off":
            share = parse_decimal(given.cost_share)
            return Demerger(symbol, given.ex_date, _new(given), int(given.new), int(given.old), share)
        case "symbol_change":
            return Renaming(symbol, given.ex_date, _new(given))
        case "merger":
            amount = parse_decimal(given.amount or "0")
            return Takeover(
                symbol,
                given.ex_date,
                _new(given),
                int(given.new),
                int(given.old),
                amount,
                paid_in if amount else None,
                parse_decimal(given.cost_share) if given.cost_share else None,
            )
        case "cash_dividend":
            return CashDividend(
                symbol, given.ex_date, parse_decimal(given.amount), _known(paid_in, given), given.pay_date
            )
        case "return_of_capital":
            return CapitalRepayment(symbol, given.ex_date, parse_decimal(given.amount), _known(paid_in, given))


def _no_currency(_symbol: Symbol) -> Currency | None:
    return None


def read_actions(content: bytes, *, currency_of: CurrencyOf = _no_currency) -> list[CorporateAction]:
    """The corporate actions of a file: a JSON list of objects as in a scenario's `corporate_actions`.

    Args:
        currency_of: of an instrument, for what states no currency; None where it is not known.

    Raises:
        InvalidActions: it cannot be read.
    """
    if len(content) > MAX_BYTES:
        raise InvalidActions(
            phrase("Expected at most {value} MiB of corporate actions, was more.", value=MAX_BYTES // 2**20)
        )
    try:
        given = msgspec.json.decode(content, type=list[GivenAction])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidActions(
            phrase("Expected a JSON list of corporate actions, found: {error}.", error=error)
        ) from None
    return [_read(each, number, currency_of) for number, each in enumerate(given, start=1)]


def _read(given: GivenAction, number: int, currency_of: CurrencyOf) -> CorporateAction:
    try:
        currency = None if given.currency else currency_of(normalise_symbol(given.symbol))
        return corporate_action(given, currency=currency)
    except TickfolioError as error:
        raise InvalidActions(
            phrase("Corporate action {number}, {symbol}: {error}", number=number, symbol=given.symbol, error=error)
        ) from None


_FIELDS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "split": (("new", "old"), ()),
    "stock_dividend": (("new", "old"), ()),
    "spin_off": (("new_symbol", "new", "old", "cost_share"), ()),
    "merger": (("new_symbol", "new", "old"), ("amount", "currency", "cost_share")),
    "symbol_change": (("new_symbol",), ()),
    "cash_dividend": (("amount",), ("currency", "pay_date")),
    "return_of_capital": (("amount",), ("currency",)),
}
"""The fields that each type needs, and those that it may have besides."""
_ALL = ("pay_date", "new", "old", "amount", "currency", "new_symbol", "cost_share")


def _require_fields(given: GivenAction) -> None:
    needed, allowed = _FIELDS[given.type]
    for name in needed:
        if not getattr(given, name):
            raise InvalidValue(phrase("Expected {name} of a {type}, was none.", name=name, type=given.type))
    for name in _ALL:
        if getattr(given, name) and name not in (*needed, *allowed):
            raise InvalidValue(
                phrase(
                    "Expected no {name} of a {type}, was {getattr}.",
                    name=name,
                    type=given.type,
                    getattr=getattr(given, name),
                )
            )


def _new(given: GivenAction) -> Symbol:
    return normalise_symbol(given.new_symbol)


def _known(currency: Currency | None, given: GivenAction) -> Currency:
    if currency is None:
        raise InvalidValue(phrase("Expected the currency of a {type}, was none.", type=given.type))
    return currency
