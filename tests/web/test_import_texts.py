"""Files in words and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.imports import BatchView, Fate, FateRow
from tickfolio.statements.rows import Entry
from tickfolio.web.import_texts import amounts_of, batch_text, cash_texts, chips, row_text

BERLIN = ZoneInfo("Europe/Berlin")
BUY = Entry(
    type=TransactionType.BUY,
    at=datetime(2012, 5, 21, 22, 30, tzinfo=UTC),
    account="Broker",
    symbol="AAPL",
    quantity=Decimal("10.50"),
    price=Decimal(350),
    fees=Decimal("9.95"),
    taxes=Decimal("0.05"),
    currency="USD",
)
ROW = FateRow(7, "raw", BUY, Fate.NEW, "why", "an id")


def amounts(entry: Entry) -> list[str]:
    """What moves, as text."""
    return [f"{each.text} {each.currency}" for each in amounts_of(entry)]


@pytest.mark.parametrize(
    ("entry", "moved"),
    [
        (BUY, ["−3,685.00 USD"]),
        (replace(BUY, type=TransactionType.SELL), ["+3,665.00 USD"]),
        (replace(BUY, amount=Decimal(100)), ["−110.00 USD"]),
        (replace(BUY, settlement_amount=Decimal("2900.5"), settlement_currency="EUR"), ["−2,900.50 EUR"]),
        (replace(BUY, type=TransactionType.DIVIDEND, amount=Decimal(5), fees=None), ["+4.95 USD"]),
        (Entry(type=TransactionType.DEPOSIT, at=BUY.at, amount=Decimal(5), currency="JPY"), ["+5 JPY"]),
        (Entry(type=TransactionType.WITHDRAWAL, at=BUY.at, amount=Decimal(5), currency="EUR"), ["−5.00 EUR"]),
        (Entry(type=TransactionType.FEE, at=BUY.at, amount=Decimal(0), currency="EUR"), ["0.00 EUR"]),
        (
            Entry(
                type=TransactionType.CURRENCY_EXCHANGE,
                at=BUY.at,
                amount=Decimal(5),
                currency="EUR",
                counter_amount=Decimal("6.5"),
                counter_currency="USD",
            ),
            ["−5.00 EUR", "+6.50 USD"],
        ),
        (Entry(type=TransactionType.SPLIT, at=BUY.at, symbol="AAPL", split_new=2, split_old=1), []),
    ],
)
def test_amounts_are_signed_by_what_comes_in(entry: Entry, moved: list[str]) -> None:
    assert amounts(entry) == moved


def test_a_row_shows_its_day_in_the_persons_zone_and_a_day_as_it_is() -> None:
    assert row_text(ROW, zone=BERLIN, state="previewed").day == "22 May 2012"
    only_day = replace(ROW, entry=replace(BUY, at=date(2012, 5, 21)))
    assert row_text(only_day, zone=BERLIN, state="previewed").day == "21 May 2012"


def test_a_row_without_an_entry_shows_what_there_is() -> None:
    text = row_text(replace(ROW, entry=None, fate=Fate.REFUSED, transaction_id=""), zone=BERLIN, state="previewed")
    assert (text.day, text.type, text.subject, text.quantity, text.amounts) == ("", "", "", "", ())
    assert (text.line, text.raw, text.reason, text.fate.word) == (7, "raw", "why", "Refused")


@pytest.mark.parametrize(
    ("fate", "state", "word", "row_class", "transaction"),
    [
        (Fate.NEW, "previewed", "New", "", ""),
        (Fate.NEW, "booked", "Booked", "", "an id"),
        (Fate.NEW, "undone", "Undone", "row-known", ""),
        (Fate.KNOWN, "previewed", "Already booked", "row-known", "an id"),
        (Fate.KNOWN, "undone", "Already booked", "row-known", "an id"),
        (Fate.ASKS, "previewed", "Needs you", "row-ask", ""),
        (Fate.REFUSED, "booked", "Refused", "row-refused", ""),
    ],
)
def test_a_fate_is_told_by_the_state_of_the_batch(
    fate: Fate, state: str, word: str, row_class: str, transaction: str
) -> None:
    text = row_text(replace(ROW, fate=fate), zone=BERLIN, state=state)
    assert (text.fate.word, text.row_class, text.transaction_id) == (word, row_class, transaction)


def test_what_a_row_is_about() -> None:
    split = Entry(type=TransactionType.SPLIT, at=BUY.at, symbol="AAPL", split_new=2, split_old=1)
    exchange = Entry(type=TransactionType.CURRENCY_EXCHANGE, at=BUY.at, currency="EUR", counter_currency="USD")
    deposit = Entry(type=TransactionType.DEPOSIT, at=BUY.at, currency="EUR")
    texts = [
        row_text(replace(ROW, entry=entry), zone=BERLIN, state="booked") for entry in (BUY, split, exchange, deposit)
    ]
    assert [text.subject for text in texts] == ["AAPL", "AAPL", "EUR to USD", ""]
    assert [text.quantity for text in texts] == ["10.5", "2 for 1", "", ""]


def test_filters_are_of_the_fates_that_there_are() -> None:
    counts = {Fate.NEW: 3, Fate.KNOWN: 0, Fate.ASKS: 0, Fate.REFUSED: 2}
    found = chips(counts, wanted=Fate.REFUSED, state="previewed")
    assert [(chip.label, chip.count, chip.query, chip.is_current) for chip in found] == [
        ("All", 5, "?", False),
        ("New", 3, "?fate=new", False),
        ("Refused", 2, "?fate=refused", True),
    ]
    assert [chip.label for chip in chips(counts, wanted=Fate.KNOWN, state="undone")][1:] == [
        "Undone",
        "Already booked",
        "Refused",
    ]


def test_cash_is_signed_and_in_coins() -> None:
    texts = cash_texts({"EUR": Decimal("-1.5"), "JPY": Decimal(3), "KWD": Decimal(0)})
    assert [(text.text, text.currency) for text in texts] == [("−1.50", "EUR"), ("+3", "JPY"), ("0.000", "KWD")]


def test_a_booked_file_says_when_and_by_whom_and_whether_it_stands() -> None:
    at = datetime(2012, 5, 21, 22, 30, tzinfo=UTC)
    batch = BatchView("id", "p", "booked", "a.csv", "ghostfolio_json", at, "alice@example.org", None, at, None, "", 5)
    text = batch_text(batch, zone=BERLIN)
    assert (text.format, text.when, text.who, text.undone) == (
        "Ghostfolio’s JSON",
        "22 May 2012, 00:30",
        "alice@example.org",
        "",
    )
    assert text.can_be_undone
    assert batch_text(replace(batch, undone_at=at), zone=BERLIN).undone == "undone 22 May 2012, 00:30"


def test_a_row_says_for_what_its_symbol_is_taken() -> None:
    taken = replace(ROW, entry=replace(BUY, symbol="IE00BK5BQT80"), symbol="VWCE.DE")
    assert row_text(taken, zone=BERLIN, state="previewed").subject == "IE00BK5BQT80 as VWCE.DE"
    same = replace(ROW, entry=replace(BUY, symbol="VWCE.DE"), symbol="VWCE.DE")
    assert row_text(same, zone=BERLIN, state="previewed").subject == "VWCE.DE"
