from __future__ import annotations

from datetime import date
from decimal import Decimal

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.web.forms.manual_prices import PriceForm, unit_text

EUR = Currency("EUR")
HOUSE = Instrument(Symbol("HOUSE"), "House by the sea", PRIVATE_MIC, EUR)
SHED = Instrument(Symbol("SHED"), "SHED", PRIVATE_MIC, EUR, quote_unit=Decimal(100))
KEY = "0b6a4f2e-5a0b-4e0c-9a1d-7f3f5b7d2c10"


def form(**typed: str) -> PriceForm:
    sent = {"symbol": "HOUSE", "day": "2012-05-18", "price": "1.120,50", **typed}
    return PriceForm(sent, instruments=[HOUSE, SHED], mark=",")


def test_a_price_is_read_as_it_is_typed() -> None:
    typed = form(key=KEY, version="2")
    assert typed.is_valid()
    assert (typed.cleaned_data["day"], typed.cleaned_data["price"]) == (date(2012, 5, 18), Decimal("1120.50"))
    assert (typed.cleaned_data["version"], typed.sending()) == (2, KEY)


def test_without_a_key_that_is_one_every_sending_counts() -> None:
    for key in ("", "once", "x" * 30):
        typed = form(key=key)
        assert typed.is_valid()
        assert (typed.sending(), typed.cleaned_data["version"]) == (None, None)


def test_what_is_missing_or_wrong_is_said_at_its_field() -> None:
    assert set(form(symbol="", day="", price="").errors) == {"symbol", "day", "price"}
    assert set(form(symbol="AAPL", price="-1", version="-1").errors) == {"symbol", "price", "version"}


def test_instruments_are_offered_with_what_their_prices_are_in() -> None:
    assert [label for _, label in form().fields["symbol"].choices] == [  # type: ignore[attr-defined]
        "HOUSE, House by the sea (EUR)",
        "SHED (EUR ÷ 100)",
    ]
    assert (unit_text(HOUSE), unit_text(SHED)) == ("EUR", "EUR ÷ 100")


def test_what_is_corrected_stays_where_it_is() -> None:
    correction = PriceForm(None, instruments=[HOUSE], mark=".", is_correction=True, initial={"symbol": "HOUSE"})
    assert {field.name for field in correction.hidden_fields()} == {"symbol", "day", "key", "version"}
