"""Alpaca's answers about the latest prices, as it writes them and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.alpaca.answers import is_symbol, moment, parse_instrument, parse_snapshots
from tickfolio.feeds.feed import FeedQuote

AT = datetime(2026, 11, 27, 15, 0, 5, tzinfo=UTC)
AAPL, GONE = Symbol("AAPL"), Symbol("GONE")
SNAPSHOT = (
    b'{"AAPL":{"latestTrade":{"t":"2026-11-27T14:59:59.123456789Z","x":"V","p":189.20,"s":100,"c":["@"],"i":7,"z":"C"},'
    b'"latestQuote":{"t":"2026-11-27T14:59:59Z","ap":189.3,"bp":189.1,"c":["R"]},'
    b'"minuteBar":{"t":"2026-11-27T14:58:00Z","o":1,"h":1,"l":1,"c":189.10,"v":1},'
    b'"dailyBar":{"t":"2026-11-27T05:00:00Z","o":1,"h":1,"l":1,"c":189.20,"v":1},'
    b'"prevDailyBar":{"t":"2026-11-25T05:00:00Z","o":1,"h":1,"l":1,"c":187.05,"v":1}},"GONE":null}'
)


def aapl(body: bytes) -> FeedQuote:
    (quote,) = parse_snapshots(body, [AAPL], at=AT).quotes
    return quote


def test_one_that_cannot_be_read_failed_and_the_others_are_told() -> None:
    good = '{"latestTrade":{"p":189.2,"t":"2026-11-27T15:00:00Z","z":"C"}}'
    bad = good.replace("2026-11-27T15:00:00Z", "noon")
    body = f'{{"AAPL":{good},"IBM":{bad}}}'.encode()
    snapshot = parse_snapshots(body, [Symbol("AAPL"), Symbol("IBM")], at=datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    assert [quote.symbol for quote in snapshot.quotes] == ["AAPL"]
    assert snapshot.failed == {"IBM"}
    assert not snapshot.refused


def test_a_snapshot_is_the_last_sale_with_the_close_before() -> None:
    snapshot = parse_snapshots(SNAPSHOT, [AAPL, GONE], at=AT)
    (quote,) = snapshot.quotes
    assert list(snapshot.refused) == [GONE]
    assert (str(quote.price), quote.previous_close, quote.is_snapshot) == ("189.20", Decimal("187.05"), True)
    assert quote.source_time == datetime(2026, 11, 27, 14, 59, 59, 123456, tzinfo=UTC)


def test_a_latest_trade_that_makes_no_last_price_gives_way_to_the_last_minutes_close() -> None:
    quote = aapl(SNAPSHOT.replace(b'["@"]', b'["@","I"]'))
    assert (str(quote.price), quote.source_time) == ("189.10", datetime(2026, 11, 27, 14, 58, tzinfo=UTC))


def test_a_symbol_without_any_sale_has_no_price() -> None:
    snapshot = parse_snapshots(b'{"AAPL":{"latestTrade":null,"dailyBar":null}}', [AAPL], at=AT)
    assert (snapshot.quotes, snapshot.refused) == ((), {})  # it is known, and may have one later


def test_a_price_that_cannot_be_read_does_not_spoil_the_others() -> None:
    both = SNAPSHOT.replace(b'"GONE":null', b'"GONE":{"latestTrade":{"t":"2026-11-27T14:59:59Z","p":0}}')
    snapshot = parse_snapshots(both, [AAPL, GONE], at=AT)
    assert [quote.symbol for quote in snapshot.quotes] == [AAPL]
    assert not snapshot.refused
    with pytest.raises(FeedDataError, match="price of GONE"):
        parse_snapshots(both, [GONE], at=AT)


def test_before_the_days_bar_is_there_the_newest_one_is_the_close_before() -> None:
    body = SNAPSHOT.replace(b'"dailyBar":{"t":"2026-11-27T', b'"dailyBar":{"t":"2026-11-26T')
    assert aapl(body).previous_close == Decimal("189.20")


def test_without_an_earlier_bar_there_is_no_close_before() -> None:
    body = SNAPSHOT.replace(b"2026-11-25T05", b"2026-11-27T05")
    assert aapl(body).previous_close is None


def test_a_time_a_little_ahead_is_cut() -> None:
    quote = aapl(SNAPSHOT.replace(b"2026-11-27T14:59:59.1", b"2026-11-27T15:00:15.1"))
    assert (quote.source_time, quote.is_clamped) == (AT, True)


@pytest.mark.parametrize(("tape", "mic"), [("C", "XNAS"), ("A", "XNYS"), ("B", "XNYS"), ("", "XNYS")])
def test_the_tape_says_what_nasdaq_lists(tape: str, mic: str) -> None:
    instrument = parse_instrument(SNAPSHOT.replace(b'"z":"C"', f'"z":"{tape}"'.encode()), AAPL)
    assert instrument is not None
    assert (instrument.mic, instrument.name, instrument.currency) == (mic, "AAPL", Currency("USD"))
    assert parse_instrument(SNAPSHOT, Symbol("GONE")) is None


@pytest.mark.parametrize("text", ["BRK.B", "AAPL", "A1", "BAC.PRB"])
def test_a_share_has_letters_digits_and_a_class(text: str) -> None:
    assert is_symbol(text)


@pytest.mark.parametrize("text", ["", "BTC-USD", "^GSPC", "EURUSD=X", "1A", "A.B.C", "aapl", "AAPL,IBM"])
def test_others_are_no_shares(text: str) -> None:
    assert not is_symbol(text)


@pytest.mark.parametrize("text", ["", "now", "2026-11-27", "2026-11-27T15:00:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_without_its_offset_is_none(text: str) -> None:
    with pytest.raises(FeedDataError, match="a time with its offset"):
        moment(text)


@given(data=st.data())
def test_damage_is_refused_or_leaves_prices_that_are_prices(data: st.DataObject) -> None:
    raw = bytearray(SNAPSHOT)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        quotes = parse_snapshots(bytes(raw), [AAPL, GONE], at=AT).quotes
    except FeedDataError:
        return
    assert all(quote.price.is_finite() and quote.price > 0 for quote in quotes)
