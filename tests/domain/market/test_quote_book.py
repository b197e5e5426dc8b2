from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.live.market import AAPL, IBM, OPEN, instrument, tick
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quote_book import QuoteBook, Rejected, Rejection
from tickfolio.domain.market.quotes import Quote

SECOND = timedelta(seconds=1)


def book() -> QuoteBook:
    return QuoteBook([instrument(IBM), instrument(AAPL)])


def accepted(outcome: Quote | Rejected) -> Quote:
    assert isinstance(outcome, Quote)
    return outcome


def rejected(outcome: Quote | Rejected) -> Rejection:
    assert isinstance(outcome, Rejected)
    return outcome.reason


def test_book_lists_its_instruments_by_symbol() -> None:
    assert [one.symbol for one in book().instruments()] == [AAPL, IBM]
    assert book().instrument(AAPL) == instrument(AAPL)
    assert book().instrument(Symbol("XXXX")) is None


def test_accepted_tick_is_the_newest_quote_with_the_next_version() -> None:
    quotes = book()
    first = accepted(quotes.apply(tick("500.00")))
    second = accepted(quotes.apply(tick("500.10", at=OPEN + SECOND)))
    assert (first.version, second.version, quotes.version) == (1, 2, 2)
    assert quotes.quote(AAPL) == second
    assert quotes.quote(IBM) is None


def test_tick_of_an_unknown_instrument_is_rejected() -> None:
    assert rejected(book().apply(tick("1", symbol=Symbol("XXXX")))) is Rejection.UNKNOWN_INSTRUMENT


def test_older_tick_is_rejected_and_changes_nothing() -> None:
    quotes = book()
    held = quotes.apply(tick("500.00", at=OPEN + SECOND))
    assert rejected(quotes.apply(tick("499.00", at=OPEN))) is Rejection.OUT_OF_ORDER
    assert quotes.quote(AAPL) == held


def test_repeated_tick_is_rejected() -> None:
    quotes = book()
    quotes.apply(tick("500.00"))
    assert rejected(quotes.apply(tick("500.00"))) is Rejection.DUPLICATE


def test_second_trade_of_the_same_instant_is_accepted() -> None:
    quotes = book()
    quotes.apply(tick("500.00"))
    assert accepted(quotes.apply(tick("500.01"))).price == Decimal("500.01")


def test_restored_quote_is_marked_until_a_tick_confirms_it() -> None:
    earlier = accepted(book().apply(tick("500.00")))
    quotes = book()
    assert quotes.restore(earlier)
    restored = quotes.quote(AAPL)
    assert restored is not None
    assert restored.is_restored
    assert not accepted(quotes.apply(tick("500.00"))).is_restored


def test_restored_quote_never_replaces_a_tick() -> None:
    quotes = book()
    held = accepted(quotes.apply(tick("500.00")))
    assert not quotes.restore(held)
    assert not book().restore(held.but(symbol=Symbol("XXXX")))


def test_a_book_is_ahead_of_a_moment_where_one_of_its_prices_is_of_later() -> None:
    quotes = book()
    assert not quotes.is_ahead_of(OPEN)
    quotes.apply(tick("500.00", at=OPEN))
    quotes.apply(tick("34.00", symbol=IBM, at=OPEN + SECOND))
    assert quotes.is_ahead_of(OPEN)
    assert not quotes.is_ahead_of(OPEN + SECOND)


def test_forgotten_quotes_leave_the_versions_running_on() -> None:
    quotes = book()
    quotes.apply(tick("500.00", at=OPEN + SECOND))
    quotes.forget_quotes()
    assert quotes.quote(AAPL) is None
    assert accepted(quotes.apply(tick("400.00", at=OPEN))).version == 2


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=40))
def test_held_quote_is_always_the_newest_accepted(moves: list[tuple[int, int]]) -> None:
    quotes, newest = book(), -1
    for seconds, cents in moves:
        outcome = quotes.apply(tick(f"5.0{cents}", at=OPEN + seconds * SECOND))
        assert isinstance(outcome, Rejected) == (seconds < newest or _repeats(quotes, outcome))
        newest = max(newest, seconds)
    held = quotes.quote(AAPL)
    assert (held is None) == (not moves)
    assert held is None or held.source_time == OPEN + newest * SECOND


def _repeats(quotes: QuoteBook, outcome: Quote | Rejected) -> bool:
    held = quotes.quote(AAPL)
    return (
        isinstance(outcome, Rejected)
        and held is not None
        and (held.source_time, held.price) == (outcome.tick.source_time, outcome.tick.price)
    )


def test_a_further_instrument_is_known_from_then_on_and_a_known_one_keeps_its_quote() -> None:
    book = QuoteBook()
    assert isinstance(book.apply(tick("500.00")), Rejected)
    book.add(instrument())
    assert isinstance(book.apply(tick("500.00")), Quote)
    renamed = replace(instrument(), name="Apple Computer, Inc.")
    book.add(renamed)
    assert book.instruments() == (renamed,)
    assert book.quote(AAPL) is not None
