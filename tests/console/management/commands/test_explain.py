"""`tickfolio explain` as an operator uses it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.services.ledger_entries import Book, book, person
from tests.services.test_explanations import mine as mine  # noqa: PLC0414

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
    assert json.loads(said("Long term", "gain", span="all", as_json=True))["name"].startswith("Gain of the portfolio")
    assert said("Long term", "value", path="0").startswith("Value of AAPL in Broker")
    assert said("Long term", "twr", first="2012-05-18", last="2012-05-21").startswith("Time-weighted return")
    assert said("Long term", "value", as_of="2012-05-18") != said("Long term", "value")
    assert said("Long term", "benchmark").startswith("Return of IBM, ")
    assert said("Long term", "benchmark", against="AAPL").startswith("Return of AAPL, ")
    assert "= 0.00 EUR" in said("Long term", "value", known_at="2001-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("words", "options", "expected"),
    [
        (("Nothing", "value"), {}, "the id or the name of one portfolio, found none"),
        (("Long term", "value"), {"as_of": "2031-01-01"}, "a day up to 2012-05-21"),
        (("Long term", "value"), {"known_at": "yesterday"}, "a moment with its offset"),
        (("Long term", "value"), {"known_at": "2012-05-21T14:00:00"}, "a moment with its offset"),
        (("Long term", "value"), {"path": "9"}, "the path of a node"),
    ],
)
def test_what_is_not_there_is_refused(
    mine: Book, words: tuple[str, str], options: dict[str, str], expected: str
) -> None:
    with pytest.raises(CommandError, match=f"Expected {expected}"):
        said(*words, **options)


def test_of_two_portfolios_of_one_name_the_id_is_asked_for() -> None:
    first, second = book(person("alice")), book(person("bob"))
    with pytest.raises(CommandError, match="found 2, so give the id"):
        said("Long term", "value")
    assert said(first.portfolio_id, "value") != said(second.portfolio_id, "cost")
