"""What the feeds say of a file's instruments, and what becomes of its rows by it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.services.import_files import booked, choose, fates, notes, previewed, table
from tests.services.ledger_entries import Book, book, person
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedUnavailable
from tickfolio.persistence.models import ImportBatch, InstrumentRecord, PrivateInstrument
from tickfolio.runtime.lookups import lookup
from tickfolio.services import import_offers, imports
from tickfolio.services.import_offers import Offers, offers_from
from tickfolio.services.imports import SymbolChoice
from tickfolio.services.instruments import instruments_register

pytestmark = pytest.mark.django_db(transaction=True)

WORLD = Instrument(
    Symbol("VWCE.DE"), "All-World ETF", "XETR", Currency("EUR"), InstrumentClass.FUND, isin="IE00BK5BQT80"
)
PENCE = Instrument(Symbol("HSX.L"), "Hiscox", "XLON", Currency("GBP"), quote_unit=Decimal(100))
COINS = Instrument(Symbol("BTC"), "A trust that holds coins", "ARCX", Currency("USD"), InstrumentClass.FUND)
ISIN = "IE00BK5BQT80"
HEADING = "date,type,symbol,quantity,price,currency,account\n"


class Feeds:
    """Feeds on a loop of their own, as in a running instance."""

    def __init__(self) -> None:
        self.known: dict[Symbol, Instrument] = {}
        self.found: tuple[Instrument, ...] = ()
        self.is_down = False
        self.asked: list[str] = []

    async def describe(self, symbol: Symbol) -> Instrument | None:
        self.asked.append(symbol)
        if self.is_down:
            raise FeedUnavailable("down")
        return self.known.get(symbol)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        self.asked.append(f"search {text}")
        return self.found


@pytest.fixture
def feeds(settings: Settings) -> Iterator[Feeds]:
    settings.TICKFOLIO_IS_REPLAY = False
    feeds, loop = Feeds(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    lookup.attach(loop, feeds.describe, feeds.search, feeds.describe)
    yield feeds
    lookup.detach(feeds.describe)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def mine() -> Book:
    return book(person("alice"), currency="EUR")


def bought(symbol: str, currency: str = "EUR") -> bytes:
    return table(f"2026-03-02,buy,{symbol},10,100,{currency},Broker", heading=HEADING)


def symbols(mine: Book, batch: str) -> tuple[SymbolChoice, ...]:
    return imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch).symbols


def test_what_a_feed_knows_is_booked_as_that_and_nothing_is_registered_before(mine: Book, feeds: Feeds) -> None:
    feeds.known = {WORLD.symbol: WORLD}
    batch = previewed(mine, bought("VWCE.DE"))
    assert notes(mine, batch) == ("VWCE.DE is taken for All-World ETF (fund, XETR, in EUR), which a feed prices.",)
    assert symbols(mine, batch) == (SymbolChoice("VWCE.DE", "", "", meant=WORLD),)
    assert not InstrumentRecord.objects.filter(symbol="VWCE.DE").exists()
    feeds.is_down = True  # what is booked is what was shown
    assert booked(mine, batch).booked == 1
    row = InstrumentRecord.objects.get(symbol="VWCE.DE")
    assert (row.mic, row.isin, row.instrument_class) == ("XETR", ISIN, "fund")
    assert PrivateInstrument.objects.for_actor(mine.owner).count() == 0
    assert feeds.asked == ["VWCE.DE"]


def test_a_person_may_choose_another_symbol_for_what_was_taken(mine: Book, feeds: Feeds) -> None:
    feeds.known = {WORLD.symbol: WORLD}
    batch = previewed(mine, bought("VWCE.DE"))
    choose(mine, batch, symbols={"VWCE.DE": "MINE"})
    assert notes(mine, batch) == ("No feed offers MINE: it is kept in this portfolio, without a price.",)
    assert feeds.asked == ["VWCE.DE", "MINE"]
    assert booked(mine, batch).booked == 1
    assert PrivateInstrument.objects.for_actor(mine.owner).get().symbol == "MINE"


def test_what_no_feed_knows_is_asked_for_once(mine: Book, feeds: Feeds) -> None:
    batch = previewed(mine, bought("HOUSE"))
    choose(mine, batch)
    assert notes(mine, batch) == ("No feed offers HOUSE: it is kept in this portfolio, without a price.",)
    assert feeds.asked == ["HOUSE"]


def test_where_no_feed_answers_the_file_is_read_and_it_is_asked_again(mine: Book, feeds: Feeds) -> None:
    feeds.known, feeds.is_down = {WORLD.symbol: WORLD}, True
    batch = previewed(mine, bought("VWCE.DE"))
    said = "No feed could say yet what VWCE.DE is: it is kept in this portfolio, without a price."
    assert notes(mine, batch) == (f"{said} Apply again to ask once more.",)
    feeds.is_down = False
    choose(mine, batch)
    assert notes(mine, batch) == ("VWCE.DE is taken for All-World ETF (fund, XETR, in EUR), which a feed prices.",)


def test_without_an_engine_nobody_was_heard(mine: Book, settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert notes(mine, previewed(mine, bought("VWCE.DE")))[0].startswith("No feed could say yet")


@pytest.mark.usefixtures("feeds")
def test_in_a_replay_nobody_is_asked(mine: Book, settings: Settings, feeds: Feeds) -> None:
    settings.TICKFOLIO_IS_REPLAY = True
    batch = previewed(mine, bought("VWCE.DE"))
    assert (notes(mine, batch)[0][:14], feeds.asked) == ("No feed offers", [])


@pytest.mark.parametrize(
    ("offered", "content"),
    [
        (WORLD, bought("VWCE.DE", "USD")),  # another currency
        (PENCE, bought("HSX.L", "GBP")),  # prices that may be pounds
        (
            COINS,
            table("2026-03-02,buy,BTC,1,100,USD,Broker,crypto", heading=HEADING.replace("\n", ",instrument_class\n")),
        ),
    ],
)
def test_what_the_file_cannot_mean_is_not_taken(mine: Book, feeds: Feeds, offered: Instrument, content: bytes) -> None:
    feeds.known = {offered.symbol: offered}
    batch = previewed(mine, content)
    assert notes(mine, batch)[0].startswith(f"{offered.symbol} is kept in this portfolio, without a price: feeds have ")
    assert booked(mine, batch).booked == 1
    assert PrivateInstrument.objects.for_actor(mine.owner).get().symbol == offered.symbol


# ---------- ISINs ----------


def test_an_isin_becomes_the_symbol_that_it_has_in_the_currency_of_the_file(mine: Book, feeds: Feeds) -> None:
    in_pounds = Instrument(Symbol("VWRP.L"), "All-World ETF", "XLON", Currency("GBP"), InstrumentClass.FUND)
    feeds.known, feeds.found = {each.symbol: each for each in (in_pounds, WORLD)}, (in_pounds, WORLD)
    batch = previewed(mine, bought(ISIN))
    assert symbols(mine, batch) == (SymbolChoice(ISIN, "VWCE.DE", "", meant=WORLD),)
    shown = imports.import_rows(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch).rows
    assert [(row.entry and row.entry.symbol, row.symbol) for row in shown] == [(ISIN, "VWCE.DE")]
    assert booked(mine, batch).booked == 1
    assert InstrumentRecord.objects.get(symbol="VWCE.DE").isin == ISIN


def test_an_isin_that_is_known_or_listed_costs_no_question(mine: Book, feeds: Feeds) -> None:
    world = Instrument(Symbol("EUNL.DE"), "World", "XETR", Currency("EUR"), isin="IE00B4L5Y983")
    instruments_register(instruments=[world])
    batch = previewed(mine, bought("IE00B4L5Y983") + bought("US0378331005").partition(b"\n")[2])
    assert {each.text: each.chosen for each in symbols(mine, batch)} == {
        "IE00B4L5Y983": "EUNL.DE", "US0378331005": "APC.F",
    }  # fmt: skip
    assert (fates(mine, batch), feeds.asked) == (["new", "new"], [])


def test_an_isin_that_nobody_has_in_that_currency_stays(mine: Book, feeds: Feeds) -> None:
    feeds.known, feeds.found = {WORLD.symbol: WORLD}, (WORLD,)
    batch = previewed(mine, bought(ISIN, "SEK"))
    assert notes(mine, batch) == (f"No feed offers {ISIN}: it is kept in this portfolio, without a price.",)


# ---------- Many ----------


def bought_all(*symbols: str) -> bytes:
    return bought(symbols[0]) + b"".join(bought(each).partition(b"\n")[2] for each in symbols[1:])


def unheard(mine: Book, batch: str) -> int:
    return imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch).unheard


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two symbols are asked for, and then there is no time for more."""
    monkeypatch.setattr(import_offers, "MOST_ASKED", 2)
    monkeypatch.setattr(import_offers, "ASKING_SECONDS", 0.0)


@pytest.mark.usefixtures("two_at_once")
def test_what_was_not_asked_for_yet_is_told_apart_and_asked_for_when_it_is_applied(mine: Book, feeds: Feeds) -> None:
    batch = previewed(mine, bought_all("AAA1", "AAA2", "AAA3", "AAA4", "AAA5"))
    nowhere, unasked = notes(mine, batch)
    assert nowhere == "No feed offers AAA1, AAA2: they are kept in this portfolio, without a price."
    assert unasked == (
        "3 symbols have not been asked for yet: AAA3, AAA4, AAA5. Booked now, they are kept in this portfolio, "
        "without a price. Press Apply to ask for the next ones."
    )
    left = [unheard(mine, batch)]
    for _ in range(2):
        choose(mine, batch)
        left.append(unheard(mine, batch))
    assert left == [3, 1, 0]
    assert sorted(feeds.asked) == ["AAA1", "AAA2", "AAA3", "AAA4", "AAA5"]
    assert len(notes(mine, batch)) == 1


def test_the_next_ones_are_asked_for_at_once_while_there_is_time_and_every_answer_comes(
    mine: Book, feeds: Feeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_offers, "MOST_ASKED", 2)
    monkeypatch.setattr(import_offers, "ASKING_SECONDS", 3600.0)
    assert unheard(mine, previewed(mine, bought_all("AAA1", "AAA2", "AAA3", "AAA4", "AAA5"))) == 0
    feeds.is_down = True
    assert unheard(mine, previewed(mine, bought_all("BBB1", "BBB2", "BBB3"))) == 3
    assert sorted(feeds.asked) == ["AAA1", "AAA2", "AAA3", "AAA4", "AAA5", "BBB1", "BBB2"]


@pytest.mark.usefixtures("two_at_once")
def test_what_no_feed_could_say_does_not_stand_before_what_was_never_asked_for(mine: Book, feeds: Feeds) -> None:
    feeds.is_down = True
    batch = previewed(mine, bought_all("AAA1", "AAA2", "AAA3"))
    assert [each[:40] for each in notes(mine, batch)] == [
        "No feed could say yet what AAA1, AAA2 ar",
        "1 symbol has not been asked for yet: AAA",
    ]
    choose(mine, batch)
    assert feeds.asked == ["AAA1", "AAA2", "AAA1", "AAA3"]
    (note,) = notes(mine, batch)
    assert note.startswith("No feed could say yet what AAA1, AAA2, AAA3 are: they are kept")


@pytest.mark.usefixtures("two_at_once")
def test_an_isin_that_was_not_sought_yet_is_not_said_to_be_nowhere(mine: Book, feeds: Feeds) -> None:
    feeds.known, feeds.found = {WORLD.symbol: WORLD}, (WORLD,)
    batch = previewed(mine, bought_all("IE00B3RBWM25", ISIN))
    assert feeds.asked[0] == "search IE00B3RBWM25"
    assert [each.text for each in symbols(mine, batch)] == ["IE00B3RBWM25"]
    assert notes(mine, batch)[-1].startswith(f"1 symbol has not been asked for yet: {ISIN}.")
    choose(mine, batch)
    assert (unheard(mine, batch), {each.text: each.chosen for each in symbols(mine, batch)}[ISIN]) == (0, "VWCE.DE")


def test_nothing_of_a_booked_file_is_left_to_be_heard(mine: Book, feeds: Feeds) -> None:
    feeds.is_down = True
    batch = previewed(mine, bought("VWCE.DE"))
    assert unheard(mine, batch) == 1
    booked(mine, batch)
    assert unheard(mine, batch) == 0


def test_what_is_kept_comes_back_as_it_was(mine: Book, feeds: Feeds) -> None:
    feeds.known = {WORLD.symbol: WORLD}
    batch = previewed(mine, bought("VWCE.DE"))
    kept = ImportBatch.objects.for_actor(mine.owner).get(pk=batch).findings["offers"]
    offers = offers_from(kept)
    assert offers == Offers(instruments={WORLD.symbol: WORLD})
    assert offers_from(offers.document()) == offers
    assert offers_from({}) == Offers()
    left = Offers(unheard=frozenset({Symbol("AAA1"), Symbol("AAA2")}), unasked=frozenset({Symbol("AAA2")}))
    assert offers_from(left.document()) == left
