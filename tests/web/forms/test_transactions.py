from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.open_lots import PositionLot
from tickfolio.services.portfolios import AccountView
from tickfolio.web.forms.moments import DayReading
from tickfolio.web.forms.numbers import DecimalMark
from tickfolio.web.forms.transactions import HAS_INSTRUMENT, PLACES, Desk, TransactionForm

NOW = datetime(2012, 5, 21, 14, 31, tzinfo=UTC)
ACCOUNT = AccountView(id="a1", portfolio_id="p1", name="Broker", currency="USD")
TRADE = {"account_id": "a1", "day": "2012-05-18", "symbol": " aapl", "quantity": "10", "price": "557.43"}


def desk(*, mark: DecimalMark = ".", **more: Any) -> Desk:
    return Desk(
        mark=mark,
        reading=DayReading(zone=ZoneInfo("Europe/Berlin"), now=NOW),
        accounts=(ACCOUNT,),
        currencies=("USD",),
        calendar_of=lambda symbol: exchange_calendar("XNAS") if symbol.upper() == "AAPL" else None,
        **more,
    )


def form(kind: TransactionType, typed: dict[str, str], *, at: Desk | None = None) -> TransactionForm:
    made = TransactionForm(kind, typed, desk=at or desk())
    made.is_valid()
    return made


@pytest.mark.parametrize("kind", TransactionType)
def test_a_form_has_the_fields_of_its_type_in_their_order(kind: TransactionType) -> None:
    names = [place.name for place in PLACES[kind]]
    fields = list(TransactionForm(kind, desk=desk()).fields)
    assert fields[: len(names)] == names
    assert ("creates_instrument" in fields) == (kind in HAS_INSTRUMENT)


def test_typing_begins_in_the_first_field_that_must_be_filled() -> None:
    made = TransactionForm(
        TransactionType.BUY, initial={"symbol": "AAPL", "account_id": "a1", "day": NOW.date()}, desk=desk()
    )
    made.begin()
    assert [name for name, field in made.fields.items() if "autofocus" in field.widget.attrs] == ["quantity"]


def test_a_draft_holds_what_was_typed_and_its_moment() -> None:
    typed = {**TRADE, "fees": "1", "note": "a  note", "taxes": "", "amount": "99", "split_new": "3"}
    assert form(TransactionType.BUY, typed).draft() == TransactionDraft(
        type=TransactionType.BUY,
        account_id="a1",
        at=datetime(2012, 5, 18, 20, 0, tzinfo=UTC),
        symbol="aapl",
        quantity=Decimal(10),
        price=Decimal("557.43"),
        fees=Decimal(1),
        note="a note",
    )


def test_a_zero_that_was_typed_is_kept() -> None:
    assert form(TransactionType.BUY, {**TRADE, "fees": "0"}).draft().fees == Decimal(0)


def test_numbers_are_read_by_the_persons_decimal_mark() -> None:
    german = desk(mark=",")
    assert form(TransactionType.BUY, {**TRADE, "quantity": "0,125"}, at=german).draft().quantity == Decimal("0.125")
    assert form(TransactionType.BUY, {**TRADE, "quantity": "1.000"}, at=german).draft().quantity == Decimal(1000)
    assert form(TransactionType.BUY, {**TRADE, "quantity": ""}, at=german).errors["quantity"] == [
        "Expected a number such as 12,5; the field is empty."
    ]


def test_a_trade_needs_a_price_or_the_brokers_amount() -> None:
    without = {**TRADE, "price": ""}
    assert form(TransactionType.SELL, without).errors["price"] == [
        "Expected a number such as 12.5; the field is empty."
    ]
    assert form(TransactionType.SELL, {**without, "gross": "5574.30"}).draft().gross == Decimal("5574.30")


def test_the_moment_of_an_edited_transaction_stays_unless_its_day_or_time_is_changed() -> None:
    at = datetime(2012, 5, 18, 13, 30, 7, 250_000, tzinfo=UTC)
    typed = {**TRADE, "time": "15:30:07"}
    assert form(TransactionType.BUY, typed, at=desk(kept_at=at)).draft().at == at
    changed = form(TransactionType.BUY, {**typed, "time": "15:30:08"}, at=desk(kept_at=at))
    assert changed.draft().at == datetime(2012, 5, 18, 13, 30, 8, tzinfo=UTC)


def test_a_moment_whose_time_nobody_typed_stays_where_its_form_comes_back_without_one() -> None:
    typed = {"account_id": "a1", "day": "2012-05-17", "time": "", "amount": "5"}
    at = form(TransactionType.WITHDRAWAL, typed).draft().at
    assert form(TransactionType.WITHDRAWAL, typed, at=desk(kept_at=at)).draft().at == at
    later = form(TransactionType.WITHDRAWAL, {**typed, "day": "2012-05-16"}, at=desk(kept_at=at)).draft().at
    assert (later, at) == (datetime(2012, 5, 16, 21, 59, 59, tzinfo=UTC), datetime(2012, 5, 17, 21, 59, 59, tzinfo=UTC))


def test_a_time_that_never_was_is_told_at_the_time() -> None:
    errors = form(TransactionType.BUY, {**TRADE, "day": "2012-03-25", "time": "02:30"}).errors
    assert str(errors["time"][0]).startswith("Expected a time that there was on 25 March 2012")


def test_a_new_instrument_brings_its_name_and_currency() -> None:
    typed = {
        **TRADE,
        "symbol": "WINE",
        "creates_instrument": "on",
        "instrument_name": "A cask",
        "instrument_currency": "EUR",
        "instrument_class": "option",
        "contract_size": "100",
    }
    draft = form(TransactionType.BUY, typed).draft()
    assert (draft.creates_instrument, draft.instrument_name, draft.instrument_currency) == (True, "A cask", "EUR")
    assert (draft.instrument_class, draft.contract_size, draft.quote_unit) == ("option", Decimal(100), None)
    untold = form(TransactionType.BUY, {**typed, "creates_instrument": ""}).draft()
    assert (untold.instrument_class, untold.contract_size, untold.instrument_currency) == (None, None, None)


def test_a_contract_size_is_folded_away_until_one_stands_there_or_is_wrong() -> None:
    assert not form(TransactionType.BUY, TRADE).is_contract_open
    assert form(TransactionType.BUY, {**TRADE, "contract_size": "100"}).is_contract_open
    assert form(TransactionType.BUY, {**TRADE, "quote_unit": "0"}).is_contract_open


def test_a_total_is_shown_where_cash_moves() -> None:
    without = {kind for kind in TransactionType if not form(kind, {}).has_total}
    assert without == {
        TransactionType.TRANSFER_IN,
        TransactionType.TRANSFER_OUT,
        TransactionType.SPLIT,
        TransactionType.STOCK_DIVIDEND,
        TransactionType.SPIN_OFF,
        TransactionType.SYMBOL_CHANGE,
    }


@pytest.mark.parametrize("typed", ["20", "20 %", "20%", " 20,0 % "])
def test_a_part_of_the_cost_may_have_its_sign(typed: str) -> None:
    made = form(TransactionType.SPIN_OFF, {"cost_share": typed})
    assert made.cleaned_data["cost_share"] == 20
    assert not made.errors.get("cost_share")


def test_what_the_service_refuses_stands_where_it_was_typed() -> None:
    made = form(TransactionType.BUY, {**TRADE, "creates_instrument": "on"})
    made.refuse({"at": "Expected another day.", "currency": "Expected a currency.", "type": "Expected a type."})
    errors = [*made.errors["day"], *made.errors["instrument_currency"]]
    assert errors == ["Expected another day.", "Expected a currency."]
    assert made.non_field_errors() == ["Expected a type."]


def test_the_fields_that_few_need_are_open_where_one_is_filled_or_wrong() -> None:
    assert not form(TransactionType.BUY, TRADE).is_extra_open
    assert form(TransactionType.BUY, {**TRADE, "note": "x"}).is_extra_open
    assert form(TransactionType.BUY, {**TRADE, "taxes": "many"}).is_extra_open


def test_nothing_that_is_typed_is_needed_twice() -> None:
    empty = form(TransactionType.CURRENCY_EXCHANGE, {})
    assert set(empty.errors) == {"account_id", "day", "amount", "counter_amount", "counter_currency"}
    assert empty.summary == "Five things to put right first"


# ---------- Open lots ----------

CLOSE = datetime(2012, 5, 18, 20, tzinfo=UTC)


def asked(kind: TransactionType, **values: str) -> list[tuple[str, str, datetime]]:
    """What a form asks for that shows its open lots."""
    found = []

    def lots_of(account: str, symbol: str, at: datetime) -> list[PositionLot]:
        found.append((account, symbol, at))
        return [PositionLot("t1", at, at, Decimal(1), Decimal(2), Currency("USD"))]

    at_desk = desk(lots_of=lots_of)
    shown = TransactionForm(kind, initial={"account_id": ACCOUNT.id, "day": "2012-05-18", **values}, desk=at_desk)
    assert len(shown.open_lots) == len(found)
    return found


def test_the_lots_are_those_of_the_moment_that_the_form_would_be_booked_at() -> None:
    assert asked(TransactionType.SELL, symbol="aapl") == [("a1", "AAPL", CLOSE)]
    at_noon = datetime(2012, 5, 18, 10, tzinfo=UTC)
    assert asked(TransactionType.TRANSFER_OUT, symbol="aapl", time="12:00") == [("a1", "AAPL", at_noon)]


@pytest.mark.parametrize("values", [{"day": "soon"}, {"day": "2012-03-25", "time": "02:30"}])
def test_where_the_moment_cannot_be_told_they_are_those_of_now(values: dict[str, str]) -> None:
    assert asked(TransactionType.SELL, symbol="AAPL", **values) == [("a1", "AAPL", NOW)]


def test_without_an_instrument_and_for_other_types_none_are_asked_for() -> None:
    assert asked(TransactionType.SELL) == asked(TransactionType.BUY, symbol="AAPL") == []
