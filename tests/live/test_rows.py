from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from tests.live.market import AAPL, IBM, OPEN, SetClock, engine, tick
from tickfolio.live.engine import Engine

SECOND = timedelta(seconds=1)


@pytest.fixture
def market() -> Engine:
    return engine(SetClock())


def test_row_without_a_quote_is_unpriced_and_never_zero(market: Engine) -> None:
    row = market.rows.row(AAPL)
    assert (row.price, row.change, row.change_percent, row.previous_close) == (None, None, None, None)
    assert row.quality == "unpriced"


def test_tick_shows_only_after_the_refresh(market: Engine) -> None:
    market.accept(tick("501.00"))
    assert market.rows.row(AAPL).price is None
    market.rows.refresh()
    row = market.rows.row(AAPL)
    assert (row.price, row.change, row.change_percent) == ("501.00", "1.00", "0.20")
    assert (row.source_time, row.received_time) == ("2012-05-21T13:30:00.000Z", "2026-01-02T03:04:05.678Z")


def test_price_keeps_its_own_places_and_has_at_least_the_instruments(market: Engine) -> None:
    market.accept(tick("501.5", previous_close="500"))
    market.accept(tick("34.1234", symbol=IBM))
    market.rows.refresh()
    assert market.rows.row(AAPL).price == "501.50"
    assert market.rows.row(AAPL).previous_close == "500.00"
    assert market.rows.row(IBM).price == "34.1234"


def test_unknown_previous_close_leaves_the_change_out(market: Engine) -> None:
    market.accept(tick("501.00", previous_close=None))
    market.rows.refresh()
    row = market.rows.row(AAPL)
    assert (row.price, row.previous_close, row.change, row.change_percent) == ("501.00", None, None, None)


def test_refresh_without_marks_changes_no_version(market: Engine) -> None:
    assert market.rows.refresh() == market.rows.refresh()


def test_delta_names_only_the_columns_that_changed(market: Engine) -> None:
    market.accept(tick("501.00"))
    before = market.rows.refresh()
    market.accept(tick("501.00", at=OPEN + SECOND))
    market.rows.refresh()
    fragment = b"{" + market.rows.delta_fragment(AAPL, since=before) + b"}"
    assert msgspec.json.decode(fragment) == {"AAPL": {"source_time": "2012-05-21T13:30:01.000Z"}}


def test_delta_since_an_older_version_holds_all_columns_since_then(market: Engine) -> None:
    start = market.rows.refresh()
    market.accept(tick("501.00"))
    market.rows.refresh()
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.rows.refresh()
    columns = msgspec.json.decode(b"{" + market.rows.delta_fragment(AAPL, since=start) + b"}")["AAPL"]
    assert (columns["price"], columns["quality"], "name" in columns) == ("502.00", "replay", False)


def test_fragment_and_plain_frame_are_encoded_once_a_change(market: Engine) -> None:
    market.accept(tick("501.00"))
    version = market.rows.refresh()
    assert market.rows.full_fragment(AAPL) is market.rows.full_fragment(AAPL)
    assert market.rows.plain_frame(AAPL) is market.rows.plain_frame(AAPL)
    assert market.rows.delta_fragment(AAPL, since=0) is market.rows.delta_fragment(AAPL, since=0)
    assert market.rows.changed([AAPL, IBM], since=version - 1) == [AAPL]


def test_plain_frame_is_news_when_price_or_quality_change_and_not_for_the_time_alone(market: Engine) -> None:
    market.accept(tick("501.00"))
    first = market.rows.refresh()
    market.accept(tick("501.00", at=OPEN + SECOND))
    second = market.rows.refresh()
    assert market.rows.plain_changed(since=first) == []
    assert b"13:30:01.000Z" in market.rows.plain_frame(AAPL).payload
    market.accept(tick("501.01", at=OPEN + 2 * SECOND))
    market.rows.refresh()
    assert market.rows.plain_changed(since=second) == [AAPL]


def test_what_changed_last_is_found_in_order_whenever_that_was(market: Engine) -> None:
    start = market.rows.refresh()
    versions = []
    for price, symbol in (("501.00", IBM), ("502.00", AAPL), ("503.00", IBM)):
        market.accept(tick(price, symbol=symbol))
        versions.append(market.rows.refresh())
    for since, found in ((start, [AAPL, IBM]), (versions[0], [AAPL, IBM]), (versions[1], [IBM]), (versions[2], [])):
        assert market.rows.changed_since(since) == found
        assert market.rows.plain_changed(since=since) == found


def test_plain_frame_spells_numbers_in_plain_digits(market: Engine) -> None:
    market.accept(tick("1E+2", previous_close="0.0000001"))
    market.rows.refresh()
    payload = market.rows.plain_frame(AAPL).payload
    assert b'"price":100.00,' in payload
    assert b'"previous_close":0.0000001,' in payload
    assert msgspec.json.decode(payload, type=dict[str, object])["price"] == 100.0


def test_time_alone_makes_an_old_price_stale(market: Engine) -> None:
    clock = SetClock()
    market = engine(clock)
    market.accept(tick("501.00"))
    market.rows.refresh()
    fresh = market.rows.version
    market.rows.mark_aged()
    assert market.rows.refresh() == fresh
    clock.market = OPEN + timedelta(hours=1)
    market.rows.mark_aged()
    market.rows.refresh()
    assert market.rows.row(AAPL).quality == "stale"
    assert market.rows.row(AAPL).price == "501.00"
    assert market.rows.quote(AAPL) is not None
    assert market.book.quote(AAPL) is not None
    assert Decimal(market.rows.row(AAPL).price or 0) == Decimal(501)


def test_rows_know_their_symbols(market: Engine) -> None:
    assert AAPL in market.rows
    assert "XXXX" not in market.rows
    assert market.rows.symbols() == (AAPL, IBM)
