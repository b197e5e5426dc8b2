"""What a person at the console names: a portfolio and an account, by the id or by the name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import System
from tickfolio.services.portfolios import PortfolioView, portfolios_of

OPERATOR = System("console")
"""Who keeps the server: it sees every portfolio."""
_MOST_LISTED = 10
_CHARACTERS_SHOWN = 60


class Named(Protocol):
    """What has an id and a name."""

    @property
    def id(self) -> str:
        """It is its own only."""

    @property
    def name(self) -> str:
        """Another may bear it, too."""


def portfolio_named(named: str) -> PortfolioView:
    """The portfolio of that id or, where none has it, of that name.

    Raises:
        InvalidValue: there is none, or there are several of that name.
    """
    return one_named(named, portfolios_of(actor=OPERATOR), what="a portfolio")


def account_named(named: str, portfolio: PortfolioView) -> str:
    """The id of the account of that id or name.

    Raises:
        InvalidValue: the portfolio has none.
    """
    return one_named(named, portfolio.accounts, what=f"an account of {portfolio.name!r}").id


def one_named[T: Named](named: str, known: Sequence[T], *, what: str) -> T:
    """The one of `known` that has `named` as its id or, where none has, as its name.

    Raises:
        InvalidValue: there is none, or there are several of that name.
    """
    found = [each for each in known if each.id == named.lower()] or [each for each in known if each.name == named]
    if len(found) == 1:
        return found[0]
    expected = f"Expected the id or the name of {what}"
    if found:
        raise InvalidValue(
            f"{expected}, found {len(found)} named {named!r}. Give the id: {_listed([e.id for e in found])}."
        )
    there = f"There are {_listed([repr(each.name) for each in known])}." if known else "There is none yet."
    raise InvalidValue(f"{expected}, was {named[:_CHARACTERS_SHOWN]!r}. {there}")


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - _MOST_LISTED
    return ", ".join(texts[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
