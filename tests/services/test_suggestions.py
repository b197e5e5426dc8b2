from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, person, purchase
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.errors import NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.feeds.replay.history import share_histories
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.suggestions import (
    PriceSuggestion,
    RateSuggestion,
    instrument_known,
    instrument_search,
    price_suggestion,
    rate_suggestion,
)

pytestmark = pytest.mark.django_db
AAPL = Symbol("AAPL")
EUR, USD, GBP = Currency("EUR"), Currency("USD"), Currency("GBP")
NOON = datetime(2012, 5, 21, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def market_at_noon() -> None:
    instruments_register(instruments=[history.instrument for history in share_histories().values()])
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=NOON), quotes=(quote("560.10", at=NOON),)))


def asked(symbol: str, at: datetime, mine: Book | None = None) -> PriceSuggestion | NotAvailable:
    mine = mine or book(person("asks"))
    return price_suggestion(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=Symbol(symbol), at=at)


def price(symbol: str, at: datetime) -> PriceSuggestion:
    suggestion = asked(symbol, at)
    assert isinstance(suggestion, PriceSuggestion)
    return suggestion


def refusal(symbol: str, at: datetime, mine: Book | None = None) -> str:
    suggestion = asked(symbol, at, mine)
    assert isinstance(suggestion, NotAvailable)
    return suggestion.reason


def test_a_finished_day_gives_its_close_as_it_was_paid_then() -> None:
    suggestion = price("AAPL", datetime(2005, 2, 25, 20, tzinfo=UTC))
    assert (suggestion.price, suggestion.day, suggestion.is_close) == (Decimal("88.99"), date(2005, 2, 25), True)
    assert (suggestion.currency, suggestion.source) == (USD, "replay history")


def test_a_sunday_gives_the_close_of_friday() -> None:
    assert price("AAPL", datetime(2012, 5, 20, 16, tzinfo=UTC)).day == date(2012, 5, 18)


def test_a_day_of_the_exchange_that_is_asked_for_counts_before_the_one_of_the_moment() -> None:
    mine = book(person("asks"))
    monday = datetime(2012, 5, 21, 3, tzinfo=UTC)  # Sunday evening in New York
    found = price_suggestion(
        actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=AAPL, at=monday, on=date(2012, 5, 17)
    )
    assert isinstance(found, PriceSuggestion)
    assert found.day == date(2012, 5, 17)


def test_today_gives_the_latest_price_which_is_no_close_yet() -> None:
    suggestion = price("AAPL", NOON)
    assert (suggestion.price, suggestion.day, suggestion.is_close) == (Decimal("560.10"), date(2012, 5, 21), False)


def test_today_without_a_price_gives_the_last_close_and_never_one_of_the_future() -> None:
    assert price("IBM", NOON).day == date(2012, 5, 18)


def test_a_moment_that_the_market_has_not_reached_has_no_price() -> None:
    assert "not reached" in refusal("AAPL", datetime(2012, 5, 22, tzinfo=UTC))


def test_a_day_before_the_listing_has_no_price() -> None:
    assert refusal("FB", datetime(2011, 5, 20, 16, tzinfo=UTC)) == "no price of FB is known for 2011-05-20"


def test_a_symbol_that_no_feed_knows_has_no_price() -> None:
    assert refusal("NONE", NOON) == "no price of NONE is known here yet"


def test_a_rate_is_the_one_in_force_with_the_day_of_its_publication() -> None:
    saturday = datetime(2012, 5, 19, 12, tzinfo=UTC)
    suggestion = rate_suggestion(base=EUR, quote=USD, at=saturday)
    assert isinstance(suggestion, RateSuggestion)
    assert (suggestion.rate.rate, suggestion.published_on) == (Decimal("1.2721"), date(2012, 5, 18))


def test_a_cross_rate_names_the_day_of_its_publications() -> None:
    suggestion = rate_suggestion(base=USD, quote=GBP, at=NOON)
    assert isinstance(suggestion, RateSuggestion)
    assert suggestion.published_on == date(2012, 5, 21)


def test_a_rate_of_the_future_or_of_an_unknown_currency_is_not_available() -> None:
    future = rate_suggestion(base=EUR, quote=USD, at=datetime(2012, 6, 1, tzinfo=UTC))
    unknown = rate_suggestion(base=EUR, quote=Currency("XXX"), at=NOON)
    assert isinstance(future, NotAvailable)
    assert isinstance(unknown, NotAvailable)
    assert unknown.reason == "no source of exchange rates knows XXX"


# ---------- Instruments ----------


@pytest.fixture
def mine() -> Book:
    """A portfolio with an instrument of its own, called Apple like the one that is listed."""
    mine = book(person("alice"))
    instruments_register(instruments=[replace(history.instrument) for history in share_histories().values()])
    add(mine, purchase(mine, symbol="APPLES", creates_instrument=True, currency="EUR", instrument_name="Apple orchard"))
    return mine


def found(mine: Book, text: str, *feeds: Instrument, limit: int = 8) -> list[str]:
    matches = instrument_search(
        actor=mine.owner, portfolio_id=mine.portfolio_id, text=text, limit=limit, feeds=lambda _text: feeds
    )
    return [match.symbol for match in matches]


def test_a_replay_offers_what_it_prices_and_what_the_portfolio_has_made(mine: Book) -> None:
    assert found(mine, "apple") == ["APPLES", "AAPL"]
    assert found(mine, "vodafone") == []
    assert found(mine, "  ") == []


def test_a_live_instance_offers_the_shipped_list_behind_what_is_known(mine: Book, settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert found(mine, "apple") == ["APPLES", "AAPL", "APC.F"]
    assert found(mine, "vod.l")[0] == "VOD.L"
    assert found(mine, "us0378331005") == ["AAPL", "APC.F"]
    assert len(found(mine, "a", limit=3)) == 3


def test_what_feeds_find_comes_last_and_nothing_twice(mine: Book, settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    other = Instrument(Symbol("APP"), "Apple growers", "XNAS", USD)
    again = Instrument(Symbol("AAPL"), "Apple", "XNAS", USD)
    same = Instrument(Symbol("APC.DE"), "Apple", "XFRA", EUR, isin="US0378331005")
    assert found(mine, "apple", again, same, other) == ["APPLES", "AAPL", "APC.F", "APP"]


def test_an_isin_finds_what_is_registered_with_it(mine: Book) -> None:
    fund = Instrument(Symbol("WORLD"), "All the world", "XETR", EUR, isin="IE00B4L5Y983")
    instruments_register(instruments=[fund])
    assert found(mine, " ie00b4l5y983 ") == ["WORLD"]
    assert found(mine, "IE00B4L5Y98") == []


# ---------- The portfolio's own, and a feed's of the same symbol ----------


@pytest.fixture
def orchard(mine: Book) -> Book:
    """The same, since when a feed offers APPLES too."""
    instruments_register(
        instruments=[Instrument(Symbol("APPLES"), "Apples of everybody", "XNAS", USD, isin="IE00B4L5Y983")]
    )
    market_changes_record(changes=changes(quotes=(quote("7.00", symbol=Symbol("APPLES"), at=NOON),)))
    return mine


def test_a_portfolio_is_told_no_price_of_something_else(orchard: Book) -> None:
    assert refusal("APPLES", NOON, orchard) == "APPLES is this portfolio's own"
    other = asked("APPLES", NOON)
    assert isinstance(other, PriceSuggestion)
    assert other.price == Decimal("7.00")


def test_a_portfolio_is_offered_its_own_alone_of_a_symbol(orchard: Book, settings: Settings) -> None:
    def names(text: str, *feeds: Instrument) -> list[tuple[str, str]]:
        matches = instrument_search(
            actor=orchard.owner, portfolio_id=orchard.portfolio_id, text=text, feeds=lambda _text: feeds
        )
        return [(match.symbol, match.name) for match in matches]

    settings.TICKFOLIO_IS_REPLAY = False
    assert names("apples") == [("APPLES", "Apple orchard")]
    assert names("IE00B4L5Y983") == [("APPLES", "Apple orchard")]  # nobody could book the other one here
    again = Instrument(Symbol("APPLES"), "Fruit", "XNAS", USD)
    assert names("fruit", again) == []
    bobs = book(person("bob"))
    assert found(bobs, "IE00B4L5Y983") == ["APPLES"]


def test_what_a_symbol_means_to_a_portfolio(orchard: Book) -> None:
    bobs = book(person("bob"))
    means = [
        instrument_known(actor=each.owner, portfolio_id=each.portfolio_id, symbol=Symbol("APPLES"))
        for each in (orchard, bobs)
    ]
    assert [each.name if each else None for each in means] == ["Apple orchard", "Apples of everybody"]
    assert instrument_known(actor=bobs.owner, portfolio_id=bobs.portfolio_id, symbol=Symbol("NONE")) is None


def test_a_symbol_that_only_the_shipped_list_has_means_what_it_would_be_booked_as(settings: Settings) -> None:
    bobs = book(person("bob"))
    symbol = Symbol("VOD.L")
    assert instrument_known(actor=bobs.owner, portfolio_id=bobs.portfolio_id, symbol=symbol) is None
    settings.TICKFOLIO_IS_REPLAY = False
    found = instrument_known(actor=bobs.owner, portfolio_id=bobs.portfolio_id, symbol=symbol)
    assert found is not None
    assert (found.mic, found.quoted_in) == ("XLON", "GBp")


def test_a_stranger_is_told_nothing_of_what_a_portfolio_means(orchard: Book) -> None:
    stranger = person("mallory")
    with pytest.raises(NotFound):
        price_suggestion(actor=stranger, portfolio_id=orchard.portfolio_id, symbol=AAPL, at=NOON)
    with pytest.raises(NotFound):
        instrument_known(actor=stranger, portfolio_id=orchard.portfolio_id, symbol=AAPL)
