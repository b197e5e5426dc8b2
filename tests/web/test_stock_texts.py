from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.live.market import CLOSE, MONDAY, OPEN, REAL_NOW
from tests.services.changes import bar
from tickfolio.services.market import InstrumentRow, RecordedQuote, Today
from tickfolio.web.figures import DASH
from tickfolio.web.stock_texts import FIGURE_SPACE, STALENESS, day_text, missing_text, quote_text, ticker_text

QUOTE = RecordedQuote(
    price=Decimal("557.43"),
    previous_close=Decimal("530.38"),
    change=Decimal("27.05"),
    change_percent=Decimal("5.10"),
    session_day=MONDAY,
    source="replay",
    source_time=OPEN,
    received_time=REAL_NOW,
)
ROW = InstrumentRow(symbol="AAPL", name="Apple Inc.", currency="USD", mic="XNAS", price_places=2, quote=QUOTE)
TODAY = Today(
    symbol="AAPL",
    session_day=MONDAY,
    opens_at=OPEN,
    closes_at=CLOSE,
    zone="America/New_York",
    previous_close=Decimal("530.38"),
    price_places=2,
    bars=(bar("534.50"), bar("561.54"), bar("534.00")),
)
UNKNOWN_DAY = replace(TODAY, session_day=None, opens_at=None, closes_at=None, previous_close=None, bars=())


def test_ticker_shows_price_and_change_with_its_sign() -> None:
    text = ticker_text(ROW)
    assert (text.price, text.change, text.direction, text.venue) == ("557.43", "+5.10 %", "up", "Nasdaq")


def test_ticker_without_a_quote_shows_dashes_and_never_a_zero() -> None:
    text = ticker_text(replace(ROW, quote=None))
    assert (text.price, text.change, text.direction) == (DASH, DASH, "none")
    assert text.listed_change == FIGURE_SPACE * 7 + DASH


def test_quote_names_change_previous_close_day_range_and_session() -> None:
    text = quote_text(ROW, TODAY)
    assert text.since == "+27.05 since the previous close of 530.38"
    assert (text.day.open, text.day.low, text.day.high) == ("534.50", "534.00", "561.54")
    assert text.day.session.startswith("Regular session, 09:30 to 16:00 in New York.")
    assert (text.day.day, text.recorded, text.title) == ("21 May 2012", "21 May 2012, 09:30:00", "AAPL 557.43")


def test_quote_without_a_price_says_why_in_words() -> None:
    text = quote_text(replace(ROW, quote=None), UNKNOWN_DAY)
    assert text.since.startswith("No price has been recorded yet")
    assert (text.recorded, text.title, text.day.open, text.day.session) == ("", "AAPL", DASH, STALENESS)


def test_quote_without_a_previous_close_says_so() -> None:
    quote = replace(QUOTE, previous_close=None, change=None, change_percent=None)
    assert quote_text(replace(ROW, quote=quote), TODAY).since == "No previous close is known."


def test_unknown_symbol_is_named_with_the_reason() -> None:
    text = missing_text("XXXX", since="No such symbol.")
    assert (text.ticker.symbol, text.since, text.title) == ("XXXX", "No such symbol.", "XXXX")


def test_day_is_written_the_same_in_every_locale() -> None:
    assert day_text(date(2005, 2, 8)) == "8 February 2005"
