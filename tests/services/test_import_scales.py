"""Prices of files in the unit that an instrument is quoted in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.services.import_files import booked, fates, ledger_of, previewed, reasons, rows_of, table
from tests.services.ledger_entries import Book, add, book, person, purchase
from tests.services.test_exports import TAKES, Take, taken
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import Buy, TransactionType
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import InvalidValue
from tickfolio.services import imports
from tickfolio.services.import_scales import in_quote_unit
from tickfolio.statements.rows import Entry
from tickfolio.web.import_texts import amounts_of

VOD = Instrument(Symbol("VOD.L"), "Vodafone", "XLON", Currency("GBP"), quote_unit=Decimal(100))
MILS = Instrument(Symbol("OIL"), "Oil", "XCEC", Currency("USD"), quote_unit=Decimal(1000))
BUY = Entry(
    type=TransactionType.BUY,
    at=datetime(2026, 11, 5, 12, tzinfo=UTC),
    symbol="VOD.L",
    quantity=Decimal(10),
    price=Decimal(95),
    currency="GBP",
)
REINVESTED = replace(BUY, type=TransactionType.DIVIDEND_REINVESTED, amount=Decimal(20))


@pytest.mark.parametrize(
    ("entry", "price"),
    [
        (replace(BUY, price=Decimal("0.95"), price_places=-2), Decimal(95)),  # GBp in the file
        (replace(BUY, amount=Decimal("9.50")), Decimal(95)),
        (replace(BUY, amount=Decimal("9.49")), Decimal(95)),  # rounded, or paid at two prices
        (replace(BUY, amount=Decimal(950)), Decimal(9500)),
        (replace(REINVESTED, counter_amount=Decimal("9.50")), Decimal(95)),
        (replace(REINVESTED, counter_amount=Decimal(950)), Decimal(9500)),
        (replace(BUY, price=None, amount=Decimal(950)), None),
        (replace(BUY, price=Decimal(0)), Decimal(0)),
    ],
)
def test_a_price_is_brought_to_pence_by_what_its_row_says(entry: Entry, price: Decimal | None) -> None:
    assert in_quote_unit(entry, VOD, stated=None) == replace(entry, price=price)


def test_a_stated_quote_unit_and_an_instrument_in_its_currency_leave_a_price_as_it_is() -> None:
    assert in_quote_unit(BUY, VOD, stated=Decimal(100)) is BUY
    assert in_quote_unit(BUY, replace(VOD, quote_unit=Decimal(1)), stated=None) is BUY
    assert in_quote_unit(BUY, None, stated=None) is BUY


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(100), Decimal(95000)])
def test_a_price_that_may_be_in_pence_or_in_pounds_is_never_guessed(amount: Decimal | None) -> None:
    with pytest.raises(InvalidValue) as refused:
        in_quote_unit(replace(BUY, amount=amount), VOD, stated=None)
    assert str(refused.value) == (
        "Expected to be told what 95 is in, as VOD.L is quoted in GBp. For prices in GBp, write GBp as the currency, or 100 "
        "in a column quote_unit; for prices in GBP, the amount in a column amount."
    )


def test_a_unit_without_a_name_is_asked_for_by_its_column() -> None:
    with pytest.raises(
        InvalidValue, match=r"quoted in USD/1000\. For prices in USD/1000, 1000 in a column quote_unit; "
    ):
        in_quote_unit(BUY, MILS, stated=None)


# ---------- In a whole file ----------


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio, which holds something that is quoted in pence."""
    made = book(person("alice"))
    first = purchase(
        made, symbol="VOD.L", quantity="1", price="90", currency="GBP", creates_instrument=True,
        instrument_currency="GBP", quote_unit=Decimal(100), settlement_currency="USD", settlement_amount=Decimal("1.2"),
    )  # fmt: skip
    add(made, first)
    return made


def shown(mine: Book, batch: str) -> list[str]:
    """What each row moves, as the preview writes it."""
    return [
        f"{each.text} {each.currency}" for row in rows_of(mine, batch) if row.entry for each in amounts_of(row.entry)
    ]


HEADING = "date,type,symbol,quantity,price,amount,currency,quote_unit,account\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "moved", "price"),
    [
        ("2012-05-22,buy,VOD.L,10,95.00,,GBp,,Broker", "−9.50 GBP", 95),
        ("2012-05-22,buy,VOD.L,10,95.00,,GBX,,Broker", "−9.50 GBP", 95),
        ("2012-05-22,buy,VOD.L,10,95.00,,GBP,100,Broker", "−9.50 GBP", 95),
        ("2012-05-22,buy,VOD.L,10,95.00,9.50,GBP,,Broker", "−9.50 GBP", 95),
        ("2012-05-22,buy,VOD.L,10,95.00,950,GBP,,Broker", "−950.00 GBP", 9500),
    ],
)
def test_what_a_row_shows_is_what_is_booked(mine: Book, row: str, moved: str, price: int) -> None:
    batch = previewed(mine, table(row, heading=HEADING))
    assert (fates(mine, batch), shown(mine, batch)) == (["new"], [moved])
    view = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    amount = Decimal(moved.split(maxsplit=1)[0].replace("−", "-"))
    assert view.cash == {"GBP": amount}
    booked(mine, batch)
    bought = ledger_of(mine)[-1]
    assert isinstance(bought, Buy)
    assert (bought.price, bought.gross) == (Decimal(price), Money(-amount, Currency("GBP")))
    again = previewed(mine, table(row, heading=HEADING))
    assert (fates(mine, again), shown(mine, again)) == (["known"], [moved])


@pytest.mark.django_db
def test_a_row_that_leaves_pence_and_pounds_open_is_refused(mine: Book) -> None:
    batch = previewed(mine, table("2012-05-22,buy,VOD.L,10,95.00,,GBP,,Broker", heading=HEADING))
    assert fates(mine, batch) == ["refused"]
    assert reasons(mine, batch)[0].startswith("Expected to be told what 95.00 is in, as VOD.L is quoted in GBp.")


@pytest.mark.django_db
@pytest.mark.parametrize("take", TAKES)
def test_our_own_file_says_it(mine: Book, take: Take) -> None:
    assert fates(mine, previewed(mine, taken(mine, take))) == ["known"]


@pytest.mark.django_db
def test_of_an_option_the_amount_is_shown_by_its_contract_size(mine: Book) -> None:
    heading = HEADING.replace("quote_unit", "contract_size")
    batch = previewed(mine, table("2012-05-22,buy,OPT,1,2.50,,USD,100,Broker", heading=heading))
    assert shown(mine, batch) == ["−250.00 USD"]
