"""Watchlists as their owner changes them, from one tab or from two, and as others find them: not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NoReturn

import pytest
from pytest_django import Settings

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import person
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedUnavailable, InvalidDraft, NotFound, VersionConflict
from tickfolio.persistence.models import InstrumentRecord, Watchlist
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.lookups import lookup
from tickfolio.services import watchlists
from tickfolio.services.instruments import instrument_register, instrument_rename
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
MSFT = Symbol("MSFT")


@pytest.fixture
def alice() -> Person:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM), instrument(MSFT)])
    return person("alice")


def filled(alice: Person, *symbols: Symbol) -> watchlists.WatchlistView:
    """A new list with these on it."""
    made = watchlists.watchlist_create(actor=alice, name="Long shots")
    for symbol in symbols:
        watchlists.entry_add(actor=alice, symbol=symbol, watchlist_id=made.id)
    return watchlists.watchlist_view(actor=alice, watchlist_id=made.id)


def names(alice: Person) -> list[str]:
    return [each.name for each in watchlists.watchlists_of(actor=alice)]


def of(alice: Person, view: watchlists.WatchlistView) -> tuple[Symbol, ...]:
    """What is on the list now."""
    return watchlists.watchlist_view(actor=alice, watchlist_id=view.id).symbols


# ---------- Lists ----------


def test_the_first_symbol_makes_the_first_list(alice: Person) -> None:
    added = watchlists.entry_add(actor=alice, symbol=" aapl ")
    assert (added.watchlist.name, added.watchlist.symbols, added.is_new) == ("Watchlist", (AAPL,), True)
    assert watchlists.entry_add(actor=alice, symbol=IBM).watchlist.symbols == (AAPL, IBM)
    assert names(alice) == ["Watchlist"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u0007b"])
def test_a_list_needs_a_name_that_can_be_read(alice: Person, name: str) -> None:
    with pytest.raises(InvalidDraft, match="Expected a name of 1 to 80 characters"):
        watchlists.watchlist_create(actor=alice, name=name)
    made = filled(alice)
    with pytest.raises(InvalidDraft, match="Expected a name"):
        watchlists.watchlist_rename(actor=alice, watchlist_id=made.id, name=name)
    assert names(alice) == ["Long shots"]


def test_lists_are_named_anew_and_arranged(alice: Person) -> None:
    one, two, three = (watchlists.watchlist_create(actor=alice, name=name) for name in ("One", "Two", "Three"))
    watchlists.watchlist_rename(actor=alice, watchlist_id=two.id, name="  Second   best ")
    seen = [one.id, two.id, three.id]
    watchlists.watchlists_arrange(actor=alice, watchlist_ids=[three.id, one.id, two.id], seen=seen)
    assert names(alice) == ["Three", "One", "Second best"]
    with pytest.raises(VersionConflict):
        watchlists.watchlists_arrange(actor=alice, watchlist_ids=seen, seen=seen)
    now = [three.id, one.id, two.id]
    for wrong in ([one.id], [one.id, one.id, two.id], []):
        with pytest.raises(InvalidDraft, match="the same lists in another order"):
            watchlists.watchlists_arrange(actor=alice, watchlist_ids=wrong, seen=now)
    assert names(alice) == ["Three", "One", "Second best"]


def test_a_deleted_list_comes_back_as_it_was_and_is_gone_after_a_month(alice: Person) -> None:
    made = filled(alice, AAPL, IBM)
    watchlists.watchlist_delete(actor=alice, watchlist_id=made.id)
    assert names(alice) == []
    with pytest.raises(NotFound):
        watchlists.watchlist_view(actor=alice, watchlist_id=made.id)
    with pytest.raises(NotFound):
        watchlists.watchlist_rename(actor=alice, watchlist_id=made.id, name="Other")
    assert watchlists.watchlist_restore(actor=alice, watchlist_id=made.id).symbols == (AAPL, IBM)
    assert watchlists.watchlist_restore(actor=alice, watchlist_id=made.id).symbols == (AAPL, IBM)
    watchlists.watchlist_delete(actor=alice, watchlist_id=made.id)
    long_ago = SystemClock().now() - timedelta(days=31)
    Watchlist.objects.for_actor(alice).filter(pk=made.id).update(deleted_at=long_ago)
    watchlists.watchlist_delete(actor=alice, watchlist_id=filled(alice).id)
    with pytest.raises(NotFound):
        watchlists.watchlist_restore(actor=alice, watchlist_id=made.id)


def test_there_are_as_many_lists_and_entries_as_the_limits_say(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlists, "MAX_LISTS", 2)
    monkeypatch.setattr(watchlists, "MAX_ENTRIES", 2)
    gone, there = filled(alice), filled(alice, AAPL, IBM)
    with pytest.raises(InvalidDraft, match="at most 2 watchlists, and there are as many"):
        watchlists.watchlist_create(actor=alice, name="Third")
    watchlists.watchlist_delete(actor=alice, watchlist_id=gone.id)
    watchlists.watchlist_create(actor=alice, name="Third")
    with pytest.raises(InvalidDraft, match="at most 2 watchlists"):
        watchlists.watchlist_restore(actor=alice, watchlist_id=gone.id)
    with pytest.raises(InvalidDraft, match="at most 2 instruments on a list, and Long shots has as many"):
        watchlists.entry_add(actor=alice, symbol=MSFT, watchlist_id=there.id)
    with pytest.raises(InvalidDraft, match="MSFT was not put back"):
        watchlists.entry_return(actor=alice, watchlist_id=there.id, symbol=MSFT, place=0)
    assert of(alice, there) == (AAPL, IBM)
    assert not watchlists.entry_add(actor=alice, symbol=IBM, watchlist_id=there.id).is_new


# ---------- Entries ----------


def test_what_is_on_a_list_is_not_added_twice(alice: Person) -> None:
    made = filled(alice, AAPL)
    again = watchlists.entry_add(actor=alice, symbol="aapl", watchlist_id=made.id)
    assert (again.is_new, again.watchlist.symbols, again.watchlist.version) == (False, (AAPL,), made.version)


def test_what_is_taken_out_goes_back_to_its_place(alice: Person) -> None:
    made = filled(alice, AAPL, IBM, MSFT)
    place = watchlists.entry_remove(actor=alice, watchlist_id=made.id, symbol=IBM)
    assert (place, of(alice, made)) == (1, (AAPL, MSFT))
    with pytest.raises(NotFound, match="found no IBM on it"):
        watchlists.entry_remove(actor=alice, watchlist_id=made.id, symbol=IBM)
    for _ in range(2):
        watchlists.entry_return(actor=alice, watchlist_id=made.id, symbol=IBM, place=place)
        assert of(alice, made) == (AAPL, IBM, MSFT)
    with pytest.raises(NotFound):
        watchlists.entry_return(actor=alice, watchlist_id=made.id, symbol="NONE", place=0)


def test_an_order_is_taken_as_a_whole_and_only_of_what_is_there(alice: Person) -> None:
    made = filled(alice, AAPL, IBM, MSFT)
    new = watchlists.entries_arrange(
        actor=alice, watchlist_id=made.id, symbols=[MSFT, AAPL, IBM], expected_version=made.version
    )
    assert (new.symbols, new.version) == ((MSFT, AAPL, IBM), made.version + 1)
    for wrong in ([MSFT, AAPL], [MSFT, AAPL, AAPL], [MSFT, AAPL, IBM, "NONE"]):
        with pytest.raises(InvalidDraft, match="the same instruments in another order"):
            watchlists.entries_arrange(actor=alice, watchlist_id=made.id, symbols=wrong, expected_version=new.version)
    assert of(alice, made) == (MSFT, AAPL, IBM)


def test_of_two_tabs_neither_loses_what_the_other_did(alice: Person) -> None:
    made = filled(alice, AAPL, IBM)
    watchlists.entry_add(actor=alice, symbol=MSFT, watchlist_id=made.id)
    with pytest.raises(VersionConflict):
        watchlists.entries_arrange(
            actor=alice, watchlist_id=made.id, symbols=[IBM, AAPL], expected_version=made.version
        )
    assert of(alice, made) == (AAPL, IBM, MSFT)


def test_an_instrument_stays_on_the_list_under_its_new_symbol(alice: Person) -> None:
    made = filled(alice, AAPL, IBM)
    instrument_rename(symbol=AAPL, new_symbol=Symbol("APL"), since=date(2012, 5, 21))
    assert of(alice, made) == (Symbol("APL"), IBM)
    assert not watchlists.entry_add(actor=alice, symbol=AAPL, watchlist_id=made.id).is_new
    assert watchlists.entry_remove(actor=alice, watchlist_id=made.id, symbol=AAPL) == 0


def test_an_isin_means_its_instrument(alice: Person) -> None:
    fund = Instrument(Symbol("WORLD"), "All the world", "XETR", Currency("EUR"), isin="IE00B4L5Y983")
    instrument_register(instrument=fund)
    assert watchlists.entry_add(actor=alice, symbol="ie00b4l5y983").symbol == "WORLD"


@pytest.mark.parametrize(
    ("symbol", "told"), [("NONE", "No instrument here has the symbol NONE"), ("no way", "Expected a")]
)
def test_a_symbol_that_nobody_knows_is_told_so_and_makes_no_list(alice: Person, symbol: str, told: str) -> None:
    with pytest.raises(InvalidDraft, match=told):
        watchlists.entry_add(actor=alice, symbol=symbol)
    assert names(alice) == []


# ---------- A live instance ----------


class Feeds:
    """The feeds of a live instance, on a loop of their own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.asked: list[str] = []
        self.is_silent = False
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    async def find(self, symbol: Symbol) -> Instrument | None:
        """None is known to them."""
        self.asked.append(symbol)
        if self.is_silent:
            raise FeedUnavailable(f"No feed could say what {symbol} is.")
        return None

    async def search(self, text: str) -> NoReturn:
        """Never asked."""
        raise AssertionError(text)


@pytest.fixture
def feeds(settings: Settings) -> Iterator[Feeds]:
    settings.TICKFOLIO_IS_REPLAY = False
    made = Feeds()
    lookup.attach(made.loop, made.find, made.search, made.find)
    yield made
    lookup.detach(made.find)
    made.loop.call_soon_threadsafe(made.loop.stop)
    made.thread.join()
    made.loop.close()


def test_what_is_not_known_is_asked_of_the_feeds_once(alice: Person, feeds: Feeds) -> None:
    with pytest.raises(InvalidDraft, match="No instrument here has the symbol XXXX"):
        watchlists.entry_add(actor=alice, symbol="XXXX")
    watchlists.entry_add(actor=alice, symbol=AAPL)
    assert feeds.asked == ["XXXX"]


def test_the_shipped_list_stands_in_for_feeds_that_do_not_answer(alice: Person, feeds: Feeds) -> None:
    feeds.is_silent = True
    assert watchlists.entry_add(actor=alice, symbol="vod.l").watchlist.symbols == ("VOD.L",)
    kept = InstrumentRecord.objects.get(symbol="VOD.L")
    assert (kept.currency, kept.quote_unit) == ("GBP", Decimal(100))
    with pytest.raises(FeedUnavailable):
        watchlists.entry_add(actor=alice, symbol="XXXX")


# ---------- Others ----------


def test_a_list_of_somebody_else_is_not_there(alice: Person) -> None:
    made, bob = filled(alice, AAPL), person("bob")
    deleted = filled(alice)
    watchlists.watchlist_delete(actor=alice, watchlist_id=deleted.id)
    assert watchlists.watchlists_of(actor=bob) == ()
    for attempt in (
        lambda: watchlists.watchlist_view(actor=bob, watchlist_id=made.id),
        lambda: watchlists.watchlist_rename(actor=bob, watchlist_id=made.id, name="Bob’s"),
        lambda: watchlists.watchlist_delete(actor=bob, watchlist_id=made.id),
        lambda: watchlists.watchlist_restore(actor=bob, watchlist_id=deleted.id),
        lambda: watchlists.entry_add(actor=bob, symbol=IBM, watchlist_id=made.id),
        lambda: watchlists.entry_remove(actor=bob, watchlist_id=made.id, symbol=AAPL),
        lambda: watchlists.entry_return(actor=bob, watchlist_id=made.id, symbol=IBM, place=0),
        lambda: watchlists.entries_arrange(
            actor=bob, watchlist_id=made.id, symbols=[AAPL], expected_version=made.version
        ),
        lambda: watchlists.watchlist_view(actor=alice, watchlist_id="none"),
    ):
        with pytest.raises(NotFound, match="Expected a watchlist of yours, found none of that address"):
            attempt()
    assert watchlists.watchlist_view(actor=alice, watchlist_id=made.id) == made
