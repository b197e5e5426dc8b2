"""`tickfolio explain` as an operator uses it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.services.ledger_entries import Book, book, person
from tests.services.test_explanations import mine as mine  # noqa: PLC0414
from tests.web.visits import signed_in

pytestmark = pytest.mark.django_db


def said(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("explain", *words, stdout=out, **options)
    return out.getvalue()


def test_a_figure_is_printed_with_its_formula_and_its_facts(mine: Book) -> None:
    text = said("Long term", "value")
    assert text == said(mine.portfolio_id, "value")
    assert text.startswith("Value of the portfolio = 6917.70 EUR\n  = Σ(rows)\n")
    assert "price: Price of AAPL = 510.00 USD (price, 2012-05-21 13:59:00Z, replay)" in text
    assert text.splitlines()[-1].startswith("As of 2012-05-21 13:59:00Z, ledger ")


def test_options_say_of_what_how_deep_and_in_which_form(mine: Book) -> None:
    assert "rows:" not in said("Long term", "value", depth=0)
    assert json.loads(said("Long term", "gain", span="all", as_json=True))["tree"]["name"].startswith(
        "Gain of the portfolio"
    )
    assert said("Long term", "value", path="0").startswith("Value of AAPL in Broker")
    assert said("Long term", "twr", first="2012-05-18", last="2012-05-21").startswith("Time-weighted return")
    assert said("Long term", "value", as_of="2012-05-18") != said("Long term", "value")
    assert said("Long term", "benchmark").startswith("Return of IBM, ")
    assert said("Long term", "benchmark", against="AAPL").startswith("Return of AAPL, ")
    assert "= 0.00 EUR" in said("Long term", "value", known="2001-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("words", "options", "expected"),
    [
        (("Nothing", "value"), {}, "the id or the name of a portfolio, was 'Nothing'. There are 'Long term'."),
        (("Long term", "value"), {"as_of": "2031-01-01"}, "a day up to 2012-05-21"),
        (("Long term", "value"), {"known": "yesterday"}, "a moment with its offset"),
        (("Long term", "value"), {"known": "2012-05-21T14:00:00"}, "a moment with its offset"),
        (("Long term", "value"), {"path": "9"}, "the path of a node"),
        (("Long term", "value"), {"depth": 21}, "a depth from 0 to 20, was 21"),
        (("Long term", "value"), {"depth": -1}, "a depth from 0 to 20, was -1"),
        (
            ("Long term", "value"),
            {"account": "House bank"},
            "the id or the name of an account of 'Long term', was 'House bank'. There are 'Broker'.",
        ),
    ],
)
def test_what_is_not_there_is_refused(
    mine: Book, words: tuple[str, str], options: dict[str, Any], expected: str
) -> None:
    with pytest.raises(CommandError, match=f"Expected {expected}"):
        said(*words, **options)


def test_of_two_portfolios_of_one_name_the_id_is_asked_for() -> None:
    first, second = book(person("alice")), book(person("bob"))
    with pytest.raises(CommandError, match="found 2 named 'Long term'"):
        said("Long term", "value")
    assert said(first.portfolio_id, "value") != said(second.portfolio_id, "cost")


def test_an_account_may_be_given_by_its_name(mine: Book) -> None:
    assert said("Long term", "value", account="Broker") == said("Long term", "value", account=mine.account_id)


def test_known_has_the_name_that_it_has_in_addresses_and_its_older_one(mine: Book) -> None:
    told = [said("Long term", "value", f"{option}=2001-01-01T00:00:00Z") for option in ("--known", "--known-at")]
    assert told[0] == told[1] == said("Long term", "value", known="2001-01-01T00:00:00Z")


def test_the_json_is_that_of_the_address(mine: Book) -> None:
    answer = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/explain/value/?format=json&as_of=2012-05-18")
    assert json.loads(said("Long term", "value", "--json", as_of="2012-05-18")) == answer.json()
