from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, MONDAY, instrument
from tests.services.changes import bar, changes, quote
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.selectors import market
from tickfolio.services.market_records import instruments_register, market_changes_record

pytestmark = pytest.mark.django_db


def test_nothing_is_kept_of_a_new_database() -> None:
    assert market.kept_instruments() == ()
    assert market.kept_instrument("AAPL") is None
    assert market.kept_bars("AAPL", session_day=MONDAY) == ()
    assert market.kept_clock() is None
    assert market.instance_is_replay() is None


def test_kept_quote_counts_as_restored_and_has_the_instruments_places() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    market_changes_record(changes=changes(quotes=(quote("501.5"),)))
    kept = market.kept_instrument(AAPL)
    assert kept is not None
    assert kept.quote is not None
    assert (str(kept.quote.price), str(kept.quote.previous_close), kept.quote.is_restored) == ("501.50", "500.00", True)


def test_bars_of_a_session_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])
    market_changes_record(changes=changes(bars=(bar("501.00"), bar("34.00", symbol=IBM))))
    with django_assert_num_queries(1):
        assert [str(one.close) for one in market.kept_bars(AAPL, session_day=MONDAY)] == ["501.00"]


def test_exchanges_take_one_query_and_one_row_each(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert market.known_mics() == ()
    instruments_register(
        instruments=[instrument(AAPL), instrument(IBM), replace(instrument(Symbol("SAP")), mic="XETR")]
    )
    with django_assert_num_queries(1) as asked:
        assert market.known_mics() == ("XETR", "XNYS")
    assert "DISTINCT" in asked.captured_queries[0]["sql"]
