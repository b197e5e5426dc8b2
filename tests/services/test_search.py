from dataclasses import replace

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import person
from tickfolio.services.market_records import instruments_register
from tickfolio.services.search import MAX_SEARCH_LENGTH, instruments_found

pytestmark = pytest.mark.django_db


def test_the_very_isin_comes_first_then_symbols_then_names() -> None:
    boxes = replace(instrument(AAPL), name="IBM’s boxes")
    instruments_register(instruments=[boxes, replace(instrument(IBM), isin="US4592001014")])
    alice = person("alice")
    assert [each.symbol for each in instruments_found(actor=alice, text=" ibm ")] == ["IBM", "AAPL"]
    assert [each.symbol for each in instruments_found(actor=alice, text="US4592001014")] == ["IBM"]
    assert len(instruments_found(actor=alice, text="ibm", limit=1)) == 1
    assert instruments_found(actor=alice, text="x" * 1000 + "IBM") == ()
    assert MAX_SEARCH_LENGTH < 1000
