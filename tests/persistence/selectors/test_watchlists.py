import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import person
from tickfolio.persistence.selectors.watchlists import (
    symbols_by_key,
    watched_symbols,
    watchlist_seen,
    watchlists_seen,
)
from tickfolio.services.market_records import instruments_register
from tickfolio.services.watchlists import entry_add, watchlist_create

pytestmark = pytest.mark.django_db


def test_lists_come_in_their_order_with_the_symbols_of_now(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])
    alice = person("alice")
    first, second = (watchlist_create(actor=alice, name=name) for name in ("One", "Two"))
    for symbol in (IBM, AAPL):
        entry_add(actor=alice, symbol=symbol, watchlist_id=second.id)
    with django_assert_num_queries(2):
        assert [(each.name, each.symbols) for each in watchlists_seen(actor=alice)] == [
            ("One", ()),
            ("Two", (IBM, AAPL)),
        ]
    seen = watchlist_seen(first.id, actor=alice)
    assert seen is not None
    assert seen.name == "One"
    assert watched_symbols(actor=alice) == {AAPL, IBM}
    bob = person("bob")
    assert (watchlist_seen(first.id, actor=bob), watched_symbols(actor=bob)) == (None, frozenset())


def test_an_id_that_is_none_names_nothing() -> None:
    assert watchlist_seen("none", actor=person("alice")) is None
    assert symbols_by_key([]) == {}
