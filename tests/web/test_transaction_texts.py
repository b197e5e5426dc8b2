import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.services.ledger_entries import TRADED, book, person
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.persistence.selectors.ledger import TransactionView
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services import transactions
from tickfolio.services.drafts import TransactionDraft
from tickfolio.web.transaction_kinds import total_of
from tickfolio.web.transaction_texts import (
    Change,
    Told,
    amounts_moved,
    counts_text,
    facts_of,
    later_text,
    row_text,
    summary_text,
    version_texts,
    when_text,
)

TOTALS = json.loads((Path(__file__).parents[1] / "contract" / "totals.json").read_text(encoding="utf-8"))
BERLIN = ZoneInfo("Europe/Berlin")

BUY = TransactionView(
    id="t1",
    portfolio_id="p1",
    account_id="a1",
    account_name="Broker",
    version=1,
    ledger_sequence=1,
    is_deleted=False,
    is_reached=True,
    type=TransactionType.BUY,
    at=datetime(2012, 5, 18, 20, 0, tzinfo=UTC),
    symbol="AAPL",
    quantity=Decimal(10),
    price=Decimal("557.43"),
    amount=Decimal("5574.3"),
    currency="USD",
    fees=Decimal("9.95"),
    taxes=Decimal(0),
    settlement_amount=None,
    settlement_currency="",
    settlement_rate=None,
    counter_amount=None,
    counter_currency="",
    split_new=None,
    split_old=None,
    ex_date=None,
    note="",
    import_batch_id=None,
    recorded_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC),
    recorded_by="alice@example.org",
)
SETTLED = replace(
    BUY, settlement_amount=Decimal("4389.7"), settlement_currency="EUR", settlement_rate=Decimal("0.786101")
)
EXCHANGE = replace(
    BUY, type=TransactionType.CURRENCY_EXCHANGE, symbol="", quantity=None, price=None, fees=None, taxes=None,
    amount=Decimal(1000), currency="EUR", counter_amount=Decimal("1271.5"), counter_currency="USD",
)  # fmt: skip
SPLIT = replace(
    BUY, type=TransactionType.SPLIT, quantity=None, price=None, amount=None, currency="", fees=None, taxes=None,
    split_new=2, split_old=1,
)  # fmt: skip


def moved(view: TransactionView) -> list[str]:
    return [f"{amount.text} {amount.currency}" for amount in amounts_moved(view)]


@pytest.mark.django_db
@pytest.mark.parametrize("case", TOTALS, ids=lambda case: case["name"])
def test_the_total_is_the_one_that_the_scripts_show_as_one_types(case: dict[str, Any]) -> None:
    alices = book(person("alice"))
    kind = TransactionType(case["type"])
    texts = {"settlement_currency"}
    fields: dict[str, Any] = {name: value if name in texts else Decimal(value) for name, value in case["typed"].items()}
    of_none = (TransactionType.DEPOSIT, TransactionType.WITHDRAWAL, TransactionType.FEE, TransactionType.TAX_REFUND)
    symbol = None if kind in (*of_none, TransactionType.INTEREST) else "AAPL"
    if {"contract_size", "quote_unit"} & fields.keys():
        symbol = "OPT"
        fields |= {"creates_instrument": True, "instrument_currency": "USD"}
    add = transactions.transaction_add
    if kind is TransactionType.SELL:
        stock = TransactionDraft(
            type=TransactionType.BUY, account_id=alices.account_id, at=TRADED, symbol=symbol, quantity=Decimal(100),
            price=Decimal(1),
        )  # fmt: skip
        add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=stock)
    draft = TransactionDraft(type=kind, account_id=alices.account_id, at=TRADED, symbol=symbol, **fields)
    view = add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    assert total_of(view) == Decimal(case["total"])
    if "settled" in case:
        assert view.settlement_amount == Decimal(case["settled"])


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (BUY, ["−5,584.25 USD"]),
        (replace(BUY, type=TransactionType.SELL), ["+5,564.35 USD"]),
        (SETTLED, ["−4,389.70 EUR"]),
        (EXCHANGE, ["−1,000.00 EUR", "+1,271.50 USD"]),
        (SPLIT, []),
        (replace(BUY, amount=Decimal(0), fees=Decimal(0)), ["0.00 USD"]),
        (replace(EXCHANGE, type=TransactionType.WITHDRAWAL, currency="JPY"), ["−1,000 JPY"]),
        (replace(EXCHANGE, type=TransactionType.DEPOSIT), ["+1,000.00 EUR"]),
    ],
)
def test_what_moved_is_signed_in_the_currency_that_moved(view: TransactionView, expected: list[str]) -> None:
    assert moved(view) == expected


def test_a_row_shows_its_day_and_time_in_the_persons_zone_and_what_is_unusual_about_it() -> None:
    row = row_text(
        replace(SETTLED, taxes=Decimal("1.5"), version=3, import_batch_id="b"),
        Told(BERLIN),
        names={"AAPL": "Apple Inc."},
    )
    assert (row.day, row.time, row.subject, row.name) == ("18 May 2012", "22:00", "AAPL", "Apple Inc.")
    assert (row.quantity, row.price, row.fees) == ("10", "557.43", "9.95")
    assert row.badges == ("tax 1.50", "at 0.786101", "imported", "edited")
    assert row.label == "Buy AAPL of 18 May 2012"


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (BUY, "Buy 10 AAPL, −5,584.25 USD"),
        (SPLIT, "Split 2 for 1 AAPL"),
        (EXCHANGE, "Currency exchange, −1,000.00 EUR, +1,271.50 USD"),
    ],
)
def test_a_transaction_is_summed_up_in_a_few_words(view: TransactionView, expected: str) -> None:
    assert summary_text(view) == expected


def test_facts_say_what_there_is_and_nothing_else() -> None:
    facts = {fact.label: fact.text for fact in facts_of(replace(SETTLED, note="a note"), Told(BERLIN))}
    assert facts == {
        "Type": "Buy",
        "Instrument": "AAPL",
        "Account": "Broker",
        "Date": "18 May 2012, 22:00:00",
        "Quantity": "10",
        "Price": "557.43 USD",
        "Amount": "5,574.30 USD",
        "Fees": "9.95 USD",
        "Settled": "4,389.70 EUR",
        "Rate paid": "0.786101 EUR for 1 USD",
        "Note": "a note",
    }


def test_a_time_that_nobody_typed_is_shown_nowhere() -> None:
    told = Told(BERLIN, calendar_of=lambda symbol: exchange_calendar("XNAS") if symbol == "AAPL" else None)
    row = row_text(BUY, told, names={})
    assert (row.day, row.time, when_text(BUY, told)) == ("18 May 2012", "", "18 May 2012")
    assert "18 May 2012" in {fact.text for fact in facts_of(BUY, told)}
    at_noon = replace(BUY, at=datetime(2012, 5, 18, 16, 0, tzinfo=UTC))
    assert (row_text(at_noon, told, names={}).time, when_text(at_noon, told)) == ("18:00", "18 May 2012, 18:00")


DUE = replace(
    BUY,
    type=TransactionType.DIVIDEND,
    at=datetime(2012, 6, 14, 18, 0, tzinfo=UTC),
    ex_date=date(2012, 5, 15),
    accrues_at=datetime(2012, 5, 15, 4, 0, tzinfo=UTC),
    is_reached=False,
    is_due=True,
)


@pytest.mark.parametrize(
    ("view", "badge", "sentence"),
    [
        (BUY, "", ""),
        (DUE, "due, not paid yet", "It counts from its ex-date on, 15 May 2012, and is paid on 14 June 2012, 20:00."),
        (
            replace(DUE, is_due=False),
            "not yet reached",
            "It will count from its ex-date on, 15 May 2012, and is paid on 14 June 2012, 20:00.",
        ),
        (replace(BUY, is_reached=False), "not yet reached", "It counts from 18 May 2012, 22:00 on."),
    ],
)
def test_what_is_later_than_the_market_says_from_when_it_counts(
    view: TransactionView, badge: str, sentence: str
) -> None:
    assert (later_text(view), counts_text(view, Told(BERLIN))) == (badge, sentence)
    assert row_text(view, Told(BERLIN), names={}).counts is (badge != "not yet reached")


def test_chosen_lots_are_told_by_their_names_and_never_by_an_id() -> None:
    sold = replace(BUY, type=TransactionType.SELL, lots=(KeptLot(Decimal(5), transaction_id="f7368cb3-1"),))
    told = Told(BERLIN, {"f7368cb3-1": "2012-02-02 #2"})
    assert "5 of 2012-02-02 #2" in {fact.text for fact in facts_of(sold, told)}
    assert "5 of a lot that is not there any more" in {fact.text for fact in facts_of(sold, Told(BERLIN))}


def test_the_history_says_who_did_what_when_and_what_changed() -> None:
    edited = replace(BUY, version=2, quantity=Decimal(12), note="two more", recorded_by="bob@example.org")
    gone = replace(edited, version=3, is_deleted=True, recorded_by="")
    texts = version_texts((gone, edited, BUY), Told(BERLIN))
    assert [(each.number, each.what, each.who) for each in texts] == [
        (3, "Deleted", "the system"),
        (2, "Edited", "bob@example.org"),
        (1, "Entered", "alice@example.org"),
    ]
    assert texts[1].changes == (Change("Quantity", "10", "12"), Change("Note", "", "two more"))
    assert texts[2].when == "26 November 2026, 10:30"
    assert (texts[0].changes, texts[2].changes) == ((), ())


def test_a_version_of_another_type_tells_both_sides() -> None:
    dividend = replace(
        BUY, version=2, type=TransactionType.DIVIDEND, quantity=None, price=None, fees=None, ex_date=date(2012, 5, 16)
    )
    changes = {
        change.label: (change.before, change.after)
        for change in version_texts((dividend, BUY), Told(BERLIN))[0].changes
    }
    assert changes["Type"] == ("Buy", "Dividend")
    assert changes["Amount"] == ("5,574.30 USD", "")
    assert changes["Before tax"] == ("", "5,574.30 USD")
    assert changes["Ex-date"] == ("", "16 May 2012")


def test_an_import_is_told_from_an_entry() -> None:
    [text] = version_texts((replace(BUY, import_batch_id="b"),), Told(BERLIN))
    assert text.what == "Imported"


def test_every_type_has_its_name() -> None:
    assert set(TYPE_NAMES) == set(TransactionType)
