"""The pages that somebody can go to by name, for the command palette."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from tickfolio.persistence.selectors.portfolios import PortfolioView
from tickfolio.persistence.tenancy import Role

EVERYWHERE = (
    ("Home", "web:home"),
    ("Watchlists", "web:watchlists"),
    ("Stocks", "web:stocks"),
    ("New portfolio", "web:portfolio_new"),
    ("Preferences", "web:preferences"),
    ("Definitions", "web:definitions"),
    ("Change the password", "account_change_password"),
)
OF_OPERATORS = (("Feeds", "web:operator_feeds"), ("Single instruments", "web:operator_instruments"))
OF_A_PORTFOLIO = (
    ("Holdings", "web:portfolio"),
    ("Allocation", "web:allocation"),
    ("Transactions", "web:transactions"),
    ("Performance", "web:performance"),
    ("Income", "web:income"),
    ("Attribution", "web:attribution"),
    ("Gains", "web:gains"),
    ("Corporate actions", "web:actions"),
    ("Then and now", "web:then"),
    ("Prices by hand", "web:prices"),
    ("Members", "web:members"),
    ("Settings", "web:portfolio_settings"),
)
TO_WRITE = (("New transaction", "web:transaction_new"), ("Import", "web:import_file"))


def places_of(portfolios: Iterable[PortfolioView], *, is_operator: bool) -> Iterator[dict[str, str]]:
    """Each page with its name and its address, and the portfolio that it is of."""
    for each in portfolios:
        first, *others = OF_A_PORTFOLIO
        pages = (first, *(() if each.role == Role.VIEWER else TO_WRITE), *others)
        for name, view in pages:
            yield {"name": name, "address": reverse(view, args=[each.id]), "portfolio": each.id, "of": each.name}
    for name, view in (*EVERYWHERE, *(OF_OPERATORS if is_operator else ())):
        yield {"name": name, "address": reverse(view), "portfolio": "", "of": ""}
