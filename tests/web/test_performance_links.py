"""Where the figures of the performance page lead."""

from __future__ import annotations

import re

import pytest

from tests.services.ledger_entries import Book
from tests.web.views.test_portfolios import bought, record, signed_in
from tickfolio.services.explanations import FIGURES
from tickfolio.web.performance_links import OF_THE_SPAN

pytestmark = pytest.mark.django_db


def links(mine: Book, query: str) -> list[str]:
    answer = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/performance/{query}")
    assert answer.status_code == 200
    return re.findall(r'<a class="explain" href="([^"]+)"', answer.content.decode().replace("&amp;", "&"))


@pytest.fixture
def mine() -> Book:
    mine = bought()
    record()
    return mine


def test_every_figure_that_is_linked_is_one_that_is_explained() -> None:
    assert set(OF_THE_SPAN) <= set(FIGURES)


@pytest.mark.parametrize(
    "query", ["?span=all", "?span=1d", "?from=2012-05-20&to=2012-05-21", "?span=all&of=holding:AAPL"]
)
def test_each_link_leads_to_the_figure_that_it_stands_at(mine: Book, query: str) -> None:
    found = links(mine, query)
    assert len(found) >= 5
    client = signed_in(mine.owner)
    shown = client.get(f"/portfolios/{mine.portfolio_id}/performance/{query}").content.decode()
    for link in found:
        answer = client.get(link)
        assert answer.status_code == 200, link
    total = re.search(r'id="twr">([^<]+)<', shown)
    assert total is not None
    assert total.group(1) in client.get(found[0]).content.decode()


def test_a_part_that_is_neither_an_account_nor_a_holding_has_no_links(mine: Book) -> None:
    assert links(mine, "?span=all&of=class:equity") == []
    assert links(mine, "?span=all&of=holding:USD%20cash") == []
    assert all(f"account={mine.account_id}" in link for link in links(mine, f"?span=all&of=account:{mine.account_id}"))
