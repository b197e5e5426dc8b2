from __future__ import annotations

from datetime import date

import pytest

from tickfolio.web.forms.operator import DelistForm, OrderForm


def order(**data: str) -> OrderForm:
    return OrderForm(data, running=("yahoo",), possible=("alpaca", "yahoo"))


def test_an_order_is_a_symbol_and_feeds() -> None:
    form = order(symbol=" aapl ", feeds="alpaca, yahoo")
    assert form.is_valid()
    assert form.cleaned_data == {"symbol": "AAPL", "feeds": "alpaca, yahoo"}
    assert form.fields["feeds"].help_text == "With commas between them, of alpaca, yahoo. On this instance: yahoo."


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"feeds": "yahoo"}, "symbol"),
        ({"symbol": "A"}, "feeds"),
        ({"symbol": "A" * 33}, "symbol"),
        ({"symbol": "A B"}, "symbol"),
    ],
)
def test_what_is_missing_is_said(data: dict[str, str], field: str) -> None:
    form = order(**data)
    assert not form.is_valid()
    assert str(form.errors[field][0]).startswith("Expected ")


def test_a_delisting_is_a_symbol_and_a_day() -> None:
    form = DelistForm({"symbol": "acme", "since": "2026-11-20"})
    assert form.is_valid()
    assert form.cleaned_data == {"symbol": "ACME", "since": date(2026, 11, 20)}
    assert not DelistForm({"symbol": "acme", "since": "yesterday"}).is_valid()


def test_the_two_forms_of_a_page_have_ids_of_their_own() -> None:
    first, second = OrderForm(running=(), possible=("yahoo",)), DelistForm()
    assert first["symbol"].id_for_label != second["symbol"].id_for_label
