"""Where the figures of the performance page lead."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.services.ledger_entries import Book
from tests.web.performances import long_held
from tests.web.views.test_portfolios import bought, record, signed_in
from tickfolio.services.explanations import FIGURES
from tickfolio.web.performance_links import BESIDE_A_BENCHMARK, OF_THE_SPAN

pytestmark = pytest.mark.django_db
SCOPES = ("", "holding:AAPL", "holding:USD cash", "class:equity", "class:cash", "currency:USD")


def page(client: Client, mine: Book, query: str) -> str:
    answer = client.get(f"/portfolios/{mine.portfolio_id}/performance/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def links(mine: Book, query: str) -> list[str]:
    return re.findall(r'<a class="explain" href="([^"]+)"', page(signed_in(mine.owner), mine, query))


def linked_cells(shown: str) -> list[tuple[str, str]]:
    """What is linked, with its address: of the heat map and of what made the return."""
    tables = shown[shown.index('<table class="heatmap"') :]
    return re.findall(r'<a class="explain" href="([^"]+)"><span[^>]*>([^<]+)<', tables)


def figure(client: Client, address: str) -> str:
    """The figure of an explanation as its page shows it."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.search(r'<p class="explained-figure"><span[^>]*>([^<]+)<', answer.content.decode())
    assert found is not None
    return found.group(1)


@pytest.fixture
def mine() -> Book:
    mine = bought()
    record()
    return mine


def test_every_figure_that_is_linked_is_one_that_is_explained() -> None:
    assert {*OF_THE_SPAN, *BESIDE_A_BENCHMARK} <= set(FIGURES)


@pytest.mark.parametrize(
    "query",
    [
        "?span=all",
        "?span=1d",
        "?from=2012-05-20&to=2012-05-21",
        "?span=all&of=holding:AAPL&by=class",
        "?span=all&of=currency:USD&against=IBM",
        "?span=all&by=account&against=AAPL",
    ],
)
def test_each_link_leads_to_the_figure_that_it_stands_at(mine: Book, query: str) -> None:
    found = links(mine, query)
    assert len(found) >= 5
    client = signed_in(mine.owner)
    for link in found:
        assert client.get(link).status_code == 200, link
    total = re.search(r'id="twr">([^<]+)<', page(client, mine, query))
    assert total is not None
    assert total.group(1) in client.get(found[0]).content.decode()


@pytest.mark.parametrize("scope", SCOPES)
def test_each_month_each_year_and_each_part_is_what_its_explanation_comes_to(scope: str) -> None:
    """A portfolio that began in the middle of a year, with a month that is not over and flows of today."""
    mine = long_held()
    client = signed_in(mine.owner)
    shown = page(client, mine, f"?span=1y&of={scope}")
    cells = linked_cells(shown)
    # Of the months from March of 2011 on, of two years, and of the sum of the parts.
    assert len([address for address, _ in cells if "/twr/" in address]) == 15 + 2 + 1
    assert len([address for address, _ in cells if "/gain/" in address]) >= 2
    for address, text in cells:
        assert figure(client, address).removesuffix(" %") == text, address


def test_beside_a_benchmark_its_figures_are_linked_with_it() -> None:
    mine = long_held()
    client = signed_in(mine.owner)
    shown = page(client, mine, "?span=1y&against=IBM")
    for name in BESIDE_A_BENCHMARK:
        found = re.search(rf'href="([^"]+/explain/{name}/[^"]+)">(?:<span[^>]*>)?([^<]+)<', shown)
        assert found is not None, name
        assert "against=IBM" in found.group(1)
        said, text = figure(client, found.group(1)).lstrip("+"), found.group(2).lstrip("+")
        assert said.startswith(text) if name == "beta" else said == text


def test_points_are_of_the_whole_and_gains_of_any_part(mine: Book) -> None:
    whole, part = links(mine, "?span=all"), links(mine, "?span=all&of=class:equity")
    assert [link for link in whole if "/contribution/" in link]
    assert not [link for link in part if "/contribution/" in link]
    assert [link for link in part if link.endswith("/gain/?span=all&class=equity&symbol=AAPL")]


def test_every_link_of_an_account_names_it(mine: Book) -> None:
    found = links(mine, f"?span=all&of=account:{mine.account_id}")
    assert found
    assert all(f"account={mine.account_id}" in link for link in found)
