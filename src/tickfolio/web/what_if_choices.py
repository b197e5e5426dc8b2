"""Which holdings the panel of gains/what_if.html can try a sale of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.valuation.open_gains import OpenGain
from tickfolio.services.portfolios import PortfolioView


@dataclass(frozen=True, slots=True)
class WhatIfChoices:
    """What the panel begins with.

    Attributes:
        choices: `<account>:<SYMBOL>` and how it is called, the first one is shown.
        may_book: whether the person may book the sale.
    """

    choices: tuple[tuple[str, str], ...]
    may_book: bool


def what_if_choices(holdings: Iterable[OpenGain], portfolio: PortfolioView, *, may_book: bool) -> WhatIfChoices | None:
    """The holdings in their order; None where there is none."""
    places = [(each.account, each.account_name, each.symbol) for each in holdings]
    if not places:
        return None
    is_one = len(portfolio.accounts) == 1
    choices = tuple((f"{account}:{symbol}", _name(symbol, name, is_one)) for account, name, symbol in places)
    return WhatIfChoices(choices, may_book)


def _name(symbol: Symbol, account: str, is_one: bool) -> str:
    return symbol if is_one else f"{symbol} · {account}"
