"""The part of a portfolio that a figure is asked of: what addresses have for it, and which rows it has.

**Source**: docs/reference/explained-figures.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.valuation import Row
from tickfolio.errors import InvalidValue
from tickfolio.services.performance_parts import CASH, class_of
from tickfolio.words import phrase

type AnyRow = Row | ValueRow
type Keep = Callable[[AnyRow], bool]

PART = ("account", "row", "symbol", "class", "currency")
CLASSES = (*(each.value for each in InstrumentClass), CASH)
_CHARACTERS_SHOWN = 40


def part_of(book: PortfolioBook, params: Mapping[str, str]) -> tuple[Keep | None, str]:
    """Whether a row is of what is asked for, None for the whole; and what that is called. A row goes before all else.

    Raises:
        InvalidValue: there is no such account or class, or nothing is booked of the symbol.
    """
    if key := params.get("row", ""):
        return (lambda row: row.key == key), key[:_CHARACTERS_SHOWN]
    wanted = {name: params[name] for name in PART if params.get(name)}
    if not wanted:
        return None, phrase("the portfolio")
    if "class" in wanted and wanted["class"] not in CLASSES:
        raise InvalidValue(
            phrase(
                "Expected one of the classes {classes}, was {short}.",
                classes=", ".join(CLASSES),
                short=repr(_short(wanted["class"])),
            )
        )
    if "symbol" in wanted and not any(wanted["symbol"] in symbols_of(each) for each in book.transactions):
        raise InvalidValue(
            phrase(
                "Expected a symbol that is booked in the portfolio, was {short}.", short=repr(_short(wanted["symbol"]))
            )
        )
    names = [_short(wanted[name]) for name in ("symbol", "class", "currency") if name in wanted]
    if "account" in wanted:
        names.append(_account_name(book, wanted["account"]))
    return (lambda row: all(_said(book, row, name) == value for name, value in wanted.items())), " in ".join(names)


def _said(book: PortfolioBook, row: AnyRow, name: str) -> str | None:
    match name:
        case "account":
            return row.account
        case "symbol":
            return row.symbol
        case "currency":
            return row.currency.code
        case _:
            return class_of(row.symbol, book)


def _account_name(book: PortfolioBook, account: str) -> str:
    name = next((facts.name for facts in book.accounts if facts.id == account), None)
    if name is None:
        raise InvalidValue(phrase("Expected an account of the portfolio, was {short}.", short=repr(_short(account))))
    return name


def _short(text: str) -> str:
    return text[:_CHARACTERS_SHOWN]
