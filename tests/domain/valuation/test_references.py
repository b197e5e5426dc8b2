"""The prices that count for the start of a span."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BROKER, NEWCO, buy, merger, moment, split, symbol_change
from tests.domain.valuation.market import BERLIN, EUR, STEADY
from tests.domain.valuation.test_spans import instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce, Reference, ReferenceFacts, References, closing_quote
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan

D = Decimal
SINCE, UNTIL = moment("2012-05-20 22:00"), moment("2012-05-21 21:59")
BEFORE = SINCE - datetime.resolution
FRIDAY, MONDAY = moment("2012-05-18 20:00"), moment("2012-05-21 20:00")


def references(*transactions: Transaction, closes: dict[Symbol, tuple[str, str]]) -> References:
    """Of Monday, with the closes of Friday and of Monday; an empty one is none."""
    book = PortfolioBook(
        base=EUR,
        zone=BERLIN,
        accounts=(AccountFacts(BROKER, "Broker"),),
        transactions=transactions,
        instruments={AAPL: instrument(AAPL), NEWCO: instrument(NEWCO)},
    )
    live = LivePortfolio(book, days=OneSpan(SINCE))
    live.ledgers(rates=STEADY, at=moment("2012-06-30"))

    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        friday, monday = closes.get(symbol, ("", ""))
        if at >= MONDAY and monday:
            return PriceInForce(D(monday), MONDAY)
        return PriceInForce(D(friday), FRIDAY) if friday else None

    return References(ReferenceFacts(book, live), price_of, since=SINCE, until=UNTIL)


def test_the_price_at_the_start_is_told_on_the_basis_of_the_end() -> None:
    held = buy("2012-05-14", "10", "1000 USD")
    split_then = references(held, split("2012-05-21 10:00", new=2, old=1), closes={AAPL: ("100", "51")})
    assert split_then.get(AAPL) == Reference(D("50.0"), basis=MONDAY, rate_at=BEFORE)
    assert split_then.closing(AAPL) == PriceInForce(D("51"), MONDAY)
    split_later = references(held, split("2012-05-22 10:00", new=2, old=1), closes={AAPL: ("100", "102")})
    assert split_later.get(AAPL) == Reference(D("100"), basis=MONDAY, rate_at=BEFORE)


def test_a_price_that_comes_within_the_span_counts_from_its_end() -> None:
    late = references(buy("2012-05-14", "10", "1000 USD"), closes={AAPL: ("", "51")})
    assert late.is_late(AAPL)
    assert late.get(AAPL) == Reference(D("51"), basis=MONDAY, rate_at=UNTIL)
    assert not references(closes={AAPL: ("50", "51")}).is_late(AAPL)


def test_without_any_price_there_is_none() -> None:
    none = references(buy("2012-05-14", "10", "1000 USD"), closes={})
    assert (none.get(AAPL), none.closing(AAPL), none.is_late(AAPL)) == (None, None, False)


def test_what_another_instrument_became_goes_on_from_its_price() -> None:
    held = buy("2012-05-14", "10", "1000 USD")
    renamed = references(held, symbol_change("2012-05-21 10:00"), closes={AAPL: ("100", ""), NEWCO: ("", "110")})
    assert renamed.get(NEWCO) == Reference(D("100"), basis=MONDAY, rate_at=BEFORE)
    merged = references(held, merger("2012-05-21 10:00", new=1, old=2), closes={AAPL: ("100", ""), NEWCO: ("", "210")})
    assert merged.get(NEWCO) == Reference(D("200.000000000000"), basis=MONDAY, rate_at=BEFORE)
    quoted = references(held, symbol_change("2012-05-21 10:00"), closes={AAPL: ("100", ""), NEWCO: ("99", "110")})
    assert quoted.get(NEWCO) == Reference(D("99"), basis=MONDAY, rate_at=BEFORE)
    unknown = references(held, symbol_change("2012-05-21 10:00"), closes={NEWCO: ("", "110")})
    assert unknown.is_late(NEWCO)


def test_a_price_in_force_is_the_quote_of_a_session_that_is_over() -> None:
    quote = closing_quote(AAPL, PriceInForce(D("51"), MONDAY), source="bars")
    assert (quote.symbol, quote.price, quote.previous_close, quote.source) == (AAPL, D("51"), None, "bars")
    assert (quote.session, quote.session_day) == (MarketSession.CLOSED, date(2012, 5, 21))
    assert (quote.source_time, quote.received_time) == (MONDAY, MONDAY)
    day, close = date(2012, 5, 18), D("50")
    other = closing_quote(AAPL, PriceInForce(D("51"), MONDAY), source="bars", previous_close=close, session_day=day)
    assert (other.session_day, other.previous_close) == (day, close)
