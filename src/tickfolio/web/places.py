"""The pages that somebody can go to by name, for the command palette."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from tickfolio.persistence.selectors.portfolios import PortfolioView
from tickfolio.persistence.tenancy import Role
from tickfolio.words import marked_phrase

EVERYWHERE = (
    (marked_phrase("Home"), "web:home"),
    (marked_phrase("Watchlists"), "web:watchlists"),
    (marked_phrase("Stocks"), "web:stocks"),
    (marked_phrase("New portfolio"), "web:portfolio_new"),
    (marked_phrase("Preferences"), "web:preferences"),
    (marked_phrase("Definitions"), "web:definitions"),
    (marked_phrase("Change the password"), "account_change_password"),
    (marked_phrase("Tokens for programs"), "web:tokens"),
)
OF_OPERATORS = (
    (marked_phrase("Feeds"), "web:operator_feeds"),
    (marked_phrase("Single instruments"), "web:operator_instruments"),
)
OF_A_PORTFOLIO = (
    (marked_phrase("Holdings"), "web:portfolio"),
    (marked_phrase("Allocation"), "web:allocation"),
    (marked_phrase("Transactions"), "web:transactions"),
    (marked_phrase("Performance"), "web:performance"),
    (marked_phrase("Income"), "web:income"),
    (marked_phrase("Attribution"), "web:attribution"),
    (marked_phrase("Gains"), "web:gains"),
    (marked_phrase("Corporate actions"), "web:actions"),
    (marked_phrase("Then and now"), "web:then"),
    (marked_phrase("Prices by hand"), "web:prices"),
    (marked_phrase("Members"), "web:members"),
    (marked_phrase("Settings"), "web:portfolio_settings"),
)
TO_WRITE = ((marked_phrase("New transaction"), "web:transaction_new"), (marked_phrase("Import"), "web:import_file"))


def places_of(portfolios: Iterable[PortfolioView], *, is_operator: bool) -> Iterator[dict[str, str]]:
    """Each page with its name and its address, and the portfolio that it is of."""
    for each in portfolios:
        first, *others = OF_A_PORTFOLIO
        pages = (first, *(() if each.role == Role.VIEWER else TO_WRITE), *others)
        for name, view in pages:
            yield {"name": name, "address": reverse(view, args=[each.id]), "portfolio": each.id, "of": each.name}
    for name, view in (*EVERYWHERE, *(OF_OPERATORS if is_operator else ())):
        yield {"name": name, "address": reverse(view), "portfolio": "", "of": ""}
