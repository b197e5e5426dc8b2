"""Lots that rows of a file name, as they are booked."""

import pytest

from tests.services.import_files import booked, fates, imported, ledger_of, previewed, reasons, table
from tests.services.ledger_entries import Book, book, person
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import Buy, Sell, TransferOut
from tickfolio.services.account_options import account_options_change

pytestmark = pytest.mark.django_db
HEADING = "date,type,symbol,quantity,price,currency,account,to_account,reference,lots\n"
FIRST = "2011-03-01,buy,AAPL,10,10,USD,Broker,,r1,"
SECOND = "2011-03-02,buy,AAPL,10,20,USD,Broker,,r2,"
SALE = "2011-03-03,sell,AAPL,4,30,USD,Broker,,,r2 4"


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def file(*rows: str) -> bytes:
    return table(*rows, heading=HEADING)


def test_a_lot_is_of_the_purchase_that_the_same_file_brought(mine: Book) -> None:
    imported(mine, file(SALE, SECOND, FIRST))
    _, second, sale = ledger_of(mine)
    assert isinstance(second, Buy)
    assert isinstance(sale, Sell)
    assert [lot.transaction for lot in sale.lots] == [second.id]


def test_a_lot_is_of_the_purchase_that_was_booked_before(mine: Book) -> None:
    imported(mine, file(FIRST, SECOND))
    batch = previewed(mine, file(FIRST, SECOND, SALE))
    assert fates(mine, batch) == ["known", "known", "new"]
    booked(mine, batch)
    _, second, sale = ledger_of(mine)
    assert isinstance(sale, Sell)
    assert [lot.transaction for lot in sale.lots] == [second.id]


def test_a_lot_that_is_too_small_refuses_its_row(mine: Book) -> None:
    batch = previewed(mine, file(FIRST, SECOND, SALE.replace(",4,30", ",12,30").replace("r2 4", "r2 12")))
    assert fates(mine, batch) == ["new", "new", "refused"]
    assert "at most 10 AAPL of the lot that was chosen" in reasons(mine, batch)[2]


def test_a_transfer_makes_the_account_that_it_goes_to(mine: Book) -> None:
    imported(
        mine, file(FIRST, "2011-03-02,transfer_out,AAPL,4,,,Broker,Bank,,", "2011-03-03,sell,AAPL,4,30,USD,Bank,,,")
    )
    found = ledger_of(mine)
    transfer = next(each for each in found if isinstance(each, TransferOut))
    sale = next(each for each in found if isinstance(each, Sell))
    assert transfer.to_account == sale.account != transfer.account


def test_a_short_sale_is_new_where_the_account_allows_it(mine: Book) -> None:
    short = file("2011-03-03,sell,AAPL,4,30,USD,Broker,,,")
    assert fates(mine, previewed(mine, short)) == ["refused"]
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=AccountOptions(allows_shorts=True),
        expected=AccountOptions(),
    )
    imported(mine, short)
    assert [type(each) for each in ledger_of(mine)] == [Sell]
