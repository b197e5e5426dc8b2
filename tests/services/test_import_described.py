"""What a preview keeps of its file besides the rows."""

from __future__ import annotations

import pytest

from tests.services.import_files import previewed, table
from tests.services.ledger_entries import book, person
from tickfolio.services.import_described import described_from
from tickfolio.services.import_previews import choices_of, live_batch, read_file, unpacked

pytestmark = pytest.mark.django_db
OWN = b"""{"format": "tickfolio", "version": 2, "accounts": [{"name": "Harbor", "currency": "EUR", "method": "hifo"}],
"instruments": [{"symbol": "OPT", "name": "Option", "currency": "USD", "contract_size": "100", "class": "option"}],
"transactions": [{"type": "buy", "at": "2012-05-21", "account": "Harbor", "symbol": "OPT", "quantity": "1", "price": "2.5",
"currency": "USD"}],
"prices": [{"symbol": "OPT", "day": "2012-01-02", "price": "1.25"}]}"""


@pytest.mark.parametrize("content", [OWN, table("03/04/2012,buy,AAPL,10,350,,USD,1,Broker,")])
def test_what_was_read_comes_back_from_the_database(content: bytes) -> None:
    mine = book(person("alice"))
    batch = live_batch(mine.portfolio_id, previewed(mine, content), actor=mine.owner)
    _, described = read_file(unpacked(batch), choices=choices_of(batch), stated=batch.choices["stated"])
    assert described_from(batch) == described
