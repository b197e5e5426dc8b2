"""The value of a portfolio day by day, as JSON."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.services.tried_sales import at
from tests.web.visits import address, set_market_clock, signed_in
from tickfolio.services.benchmark_choice import benchmark_choose

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(mine: Book) -> Client:
    return signed_in(mine.owner)


def test_before_the_first_transaction_there_is_none(mine: Book, client: Client) -> None:
    assert client.get(address(mine, "value.json"), {"span": "1w"}).json() == {"series": None}


def test_days_count_from_the_one_before_the_span(mine: Book, client: Client) -> None:
    add(mine, deposit(mine, "1000.00", currency="EUR", at=at("2012-05-16T10:00")))
    add(mine, purchase(mine, quantity="1", price="540.00", at=at("2012-05-18T15:00")))
    series = client.get(address(mine, "value.json"), {"span": "1W"}).json()["series"]
    assert (series["first"], series["days"], series["currency"]) == ("2012-05-15", [*range(7)], "EUR")
    assert series["values"][:3] == ["0.00", "1000.00", "1000.00"]
    assert series["marks"] == [
        {"day": 1, "kind": "deposit", "count": 1},
        {"day": 3, "kind": "buy", "count": 1},
    ]
    assert (series["head"], series["is_shorter"], series["benchmark"]) == (3, True, None)


def test_a_long_span_is_thinned_with_its_benchmark_on_the_same_days(mine: Book, client: Client) -> None:
    add(mine, deposit(mine, "1000.00", currency="EUR", at=at("2002-05-16T10:00")))
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="AAPL")
    series = client.get(address(mine, "value.json"), {"span": "all"}).json()["series"]
    assert 500 < len(series["days"]) <= 1500 < series["days"][-1]
    beside = series["benchmark"]
    assert (beside["symbol"], beside["reason"], len(beside["values"])) == ("AAPL", "", len(series["days"]))


def test_a_benchmark_without_a_price_then_has_its_reason(mine: Book, client: Client) -> None:
    add(mine, deposit(mine, "1000.00", currency="EUR", at=at("1950-05-16T10:00")))
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="AAPL")
    beside = client.get(address(mine, "value.json"), {"span": "all"}).json()["series"]["benchmark"]
    assert beside["values"] == []
    assert beside["reason"] != ""


def test_a_span_that_there_is_not_is_refused(mine: Book, client: Client) -> None:
    answer = client.get(address(mine, "value.json"), {"span": "2w"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")
    assert "Expected a span such as 1d, 1w" in answer.json()["detail"]


def test_all_portfolios_together_have_the_same_form_without_a_benchmark(mine: Book, client: Client) -> None:
    assert client.get("/net-worth.json", {"currency": "EUR"}).json() == {"series": None}
    add(mine, deposit(mine, "1000.00", currency="EUR", at=at("2012-05-16T10:00")))
    own = client.get(address(mine, "value.json"), {"span": "1w"}).json()["series"]
    assert client.get("/net-worth.json", {"currency": "eur", "span": "1w"}).json()["series"] == own
    converted = client.get("/net-worth.json", {"currency": "USD", "span": "1w"}).json()["series"]
    assert (converted["days"], converted["marks"]) == (own["days"], own["marks"])
    assert converted["values"] != own["values"]
    assert client.get("/net-worth.json", {"currency": "EUR", "span": "2w"}).status_code == 400
