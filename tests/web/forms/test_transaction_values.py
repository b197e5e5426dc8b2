from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.web.forms.test_transactions import desk
from tests.web.test_transaction_texts import BUY, EXCHANGE
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.services.transactions import TransactionView
from tickfolio.web.forms.transaction_values import Difference, differences, filled_form, values_of
from tickfolio.web.forms.transactions import TransactionForm

BERLIN = ZoneInfo("Europe/Berlin")
KEPT = replace(BUY, account_id="a1")


def shown() -> TransactionForm:
    return TransactionForm(TransactionType.BUY, initial=values_of(KEPT, desk=desk()), desk=desk(kept_at=KEPT.at))


def typed(**fields: str) -> TransactionForm:
    ordinary = {
        "account_id": "a1", "day": "2012-05-18", "time": "", "symbol": "AAPL", "quantity": "10", "price": "557.43",
        "fees": "9.95",
    }  # fmt: skip
    form = TransactionForm(TransactionType.BUY, {**ordinary, **fields}, desk=desk(kept_at=KEPT.at))
    form.is_valid()
    return form


def test_a_transaction_fills_its_form_with_amounts_as_people_write_them() -> None:
    values = values_of(replace(KEPT, price=Decimal("557.4"), fees=Decimal(9)), desk=desk())
    assert (values["day"], values["time"]) == (date(2012, 5, 18), None)  # the close, which nobody typed
    typed_at = replace(KEPT, at=KEPT.at.replace(minute=30))
    assert values_of(typed_at, desk=desk())["time"] == time(22, 30)
    assert [str(values[name]) for name in ("quantity", "price", "fees")] == ["10", "557.40", "9.00"]
    assert (values["taxes"], values["note"]) == (None, "")
    assert str(values_of(replace(EXCHANGE, currency="JPY"), desk=desk())["amount"]) == "1000"


def test_an_amount_is_filled_in_only_where_it_was_stated() -> None:
    assert values_of(KEPT, desk=desk())["gross"] is None
    assert str(values_of(replace(KEPT, amount=Decimal(5574)), desk=desk())["gross"]) == "5574.00"
    assert str(values_of(replace(KEPT, type=TransactionType.DIVIDEND), desk=desk())["gross"]) == "5574.30"


def settled(rate: str, amount: str, *, currency: str = "EUR") -> TransactionView:
    """5,584.25 USD, settled in another currency."""
    return replace(KEPT, settlement_rate=Decimal(rate), settlement_amount=Decimal(amount), settlement_currency=currency)


@pytest.mark.parametrize(
    ("view", "amount"),
    [
        (settled("0.78", "4355.72"), None),  # 4,355.715 rounds up to the even cent
        (settled("0.780013430631", "4355.79"), None),
        (settled("80", "446740", currency="JPY"), None),
        (settled("0.78", "4355.71"), "4355.71"),
        (settled("0.78", "4400.00"), "4400.00"),
    ],
)
def test_an_amount_that_follows_from_the_rate_stays_empty_and_one_that_does_not_stands_there(
    view: TransactionView, amount: str | None
) -> None:
    values = values_of(view, desk=desk())
    assert values["settlement_rate"] == view.settlement_rate
    assert values["settlement_amount"] == (None if amount is None else Decimal(amount))


def test_an_amount_that_follows_from_the_rate_is_told_as_a_hint() -> None:
    form = filled_form(TransactionType.BUY, settled("0.78", "4355.72"), desk=desk())
    assert form["settlement_amount"].help_text == (
        "Empty: it follows from the rate, as the 4,355.72 EUR that are booked"
    )
    assert form["settlement_amount"].value() is None
    assert (
        filled_form(TransactionType.BUY, settled("0.78", "4400.00"), desk=desk())["settlement_amount"].help_text == ""
    )
    assert "settlement_amount" not in filled_form(TransactionType.SPLIT, KEPT, desk=desk()).fields


def test_two_forms_differ_where_a_person_would_see_it() -> None:
    # The browser sends what an instrument to be made would be in, also while that is hidden.
    assert differences(typed(instrument_currency="EUR"), shown()) == ()
    assert differences(typed(quantity="12", note="mine", settlement_currency="EUR"), shown()) == (
        Difference("Quantity", "10", "12"),
        Difference("Settled in", "", "EUR, euro"),
        Difference("Note", "", "mine"),
    )


def test_two_ways_to_write_one_number_are_no_difference() -> None:
    assert differences(typed(quantity="10.0", price="557,43"), shown()) == ()


def test_a_form_of_another_type_differs_by_the_fields_that_only_one_has() -> None:
    deposit = TransactionForm(
        TransactionType.DEPOSIT,
        {"account_id": "a1", "day": "2012-05-18", "time": "", "amount": "5"},
        desk=desk(kept_at=KEPT.at),
    )
    found = {difference.label: (difference.current, difference.typed) for difference in differences(deposit, shown())}
    assert found == {
        "Instrument": ("AAPL", ""),
        "Quantity": ("10", ""),
        "Price": ("557.43", ""),
        "Fees": ("9.95", ""),
        "Amount": ("", "5"),
    }


def test_an_amount_that_follows_from_the_contract_size_is_not_shown_as_stated() -> None:
    option = InstrumentMatch("OPT", "An option", "", "USD", contract_size=Decimal(100))
    bought = replace(KEPT, symbol="OPT", quantity=Decimal(1), price=Decimal("2.5"), amount=Decimal(250))
    assert values_of(bought, desk=desk(), match=option)["gross"] is None
    assert values_of(replace(bought, amount=Decimal(251)), desk=desk(), match=option)["gross"] == 251
