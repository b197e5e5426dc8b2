"""Every figure of a page that leads to its explanation is the figure that is explained there."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests.live.market import OPEN
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tests.web.views.test_portfolios import record
from tests.web.visits import address, signed_in, text_of

pytestmark = pytest.mark.django_db
LINKS = re.compile(r'<a class="explain"(?: data-explain="[^"]*")?( href="([^"]+)")?>(.*?)</a>', re.DOTALL)
DAYS = timedelta(days=1)


@pytest.fixture
def mine() -> Book:
    """Euros, dollars and an instrument without a price; something is bought and sold on a finished day and today."""
    mine = book(person("alice"), currency="EUR")
    add(mine, deposit(mine, "9000.00", at=OPEN - 7 * DAYS))
    add(mine, purchase(mine, quantity="10", at=OPEN - 6 * DAYS))
    add(mine, sale(mine, quantity="4", price="540.00", at=OPEN - 3 * DAYS))
    add(mine, purchase(mine, quantity="2", price="531.00", at=OPEN - 3 * DAYS))
    add(mine, purchase(mine, symbol="IBM", quantity="1", at=OPEN - 2 * DAYS))
    add(mine, sale(mine, quantity="1", price="509.00", at=OPEN + timedelta(minutes=5)))
    record("511.37")
    return mine


def number(text: str) -> Decimal:
    """What is written, without the arrow and the marks between the digits."""
    plain = re.sub(r"<[^>]+>", "", html.unescape(text)).replace("−", "-")
    return Decimal(re.sub(r"[^\d.-]", "", plain))


def followed(client: Client, page: str) -> int:
    """Expects each link to lead to the figure that it shows; how many there are."""
    count = 0
    for _, href, shown in LINKS.findall(page):
        if not href:
            assert "—" in shown or "not available" in shown or not re.sub(r"<[^>]+>", "", shown), shown
            continue
        to = html.unescape(href)
        answer = client.get(f"{to}{'&' if '?' in to else '?'}format=json&depth=0")
        assert answer.status_code == 200, (to, answer.content)
        tree = json.loads(answer.content)["tree"]
        assert tree["value"] is not None, (to, shown, tree)
        value = Decimal(tree["value"]) * (100 if tree["unit"] == "fraction" else 1)
        assert round(value, 2) == number(shown), (to, shown, value)
        count += 1
    return count


@pytest.mark.parametrize("by", ["holding", "account", "class", "currency"])
@pytest.mark.parametrize("day", ["", "2012-05-18", "2012-05-20"])
def test_every_figure_of_the_attribution_is_explained(mine: Book, day: str, by: str) -> None:
    client = signed_in(mine.owner)
    page = text_of(client.get(address(mine, f"attribution/?by={by}&day={day}")))
    assert followed(client, page) >= 15


def test_every_figure_of_the_portfolio_is_explained(mine: Book) -> None:
    client = signed_in(mine.owner)
    page = text_of(client.get(address(mine, "")))
    assert 'href="' + address(mine, "explain/day-percent/") in page
    assert 'href="' + address(mine, "explain/unrealized-percent/") in page
    assert followed(client, page) >= 30


@pytest.mark.parametrize("query", ["", "?year=all", "?year=2012&symbol=AAPL"])
def test_every_figure_of_the_gains_is_explained(mine: Book, query: str) -> None:
    client = signed_in(mine.owner)
    page = text_of(client.get(address(mine, f"gains/{query}")))
    for figure in ("realized-price", "realized-currency", "unrealized-price", "unrealized-currency"):
        assert f"explain/{figure}/" in page
        assert f"explain/{figure}/?lot=" in page or figure.startswith("un")
    assert ("explain/cash-currency/" in page) is ("symbol" not in query)
    assert followed(client, page) >= 20
