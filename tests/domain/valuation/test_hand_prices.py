"""What a portfolio's owner typed values what only this portfolio knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, buy, moment, sell, split
from tests.domain.valuation.market import BERLIN, EUR, NOON, STEADY, book, calendar_of, fresh, quote, row_of
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.manual_prices import BY_HAND, ManualPrice, ManualPrices
from tickfolio.domain.market.quotes import NotAvailable, Quality, Unpriced
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.hand_prices import quote_by_hand, quotes_by_hand
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.spans import span_change
from tickfolio.domain.valuation.valuation import Day, Row, Valuation, Worth
from tickfolio.domain.valuation.windows import OneSpan, day_ends

HOUSE = Symbol("HOUSE")
KEY = "h:broker:HOUSE"
D = Decimal


def typed(*prices: tuple[str, str]) -> dict[Symbol, ManualPrices]:
    """Prices of the house by day."""
    return {HOUSE: ManualPrices(ManualPrice(date.fromisoformat(day), D(price)) for day, price in prices)}


def owned(*transactions: Transaction, prices: dict[Symbol, ManualPrices]) -> PortfolioBook:
    """A book in euros that knows the house."""
    plain = book(*transactions)
    house = Instrument(HOUSE, "House", PRIVATE_MIC, EUR)
    return replace(plain, instruments={**plain.instruments, HOUSE: house}, prices=prices)


BOUGHT = buy("2012-05-14", "2", "200.00 EUR", symbol=HOUSE)


def value(portfolio: LivePortfolio, at: datetime = NOON) -> Valuation:
    return portfolio.value(quote_of=lambda _: None, quality_of=lambda _: Quality.UNPRICED, rates=STEADY, at=at)


def row(*prices: tuple[str, str], at: datetime = NOON, transactions: tuple[Transaction, ...] = (BOUGHT,)) -> Row:
    portfolio = LivePortfolio(owned(*transactions, prices=typed(*prices)), calendar_of=calendar_of)
    return row_of(value(portfolio, at), KEY)


def day_of(found: Row) -> Day:
    assert isinstance(found.worth, Worth)
    assert isinstance(found.worth.day, Day)
    return found.worth.day


def test_a_holding_is_worth_what_was_typed_last() -> None:
    found = row(("2012-05-14", "100"), ("2012-05-18", "120"))
    assert isinstance(found.worth, Worth)
    assert (found.price, found.quality, found.worth.value) == (D(120), Quality.MANUAL, D("240.00"))
    assert found.worth.unrealized == D("40.00")
    assert found.quote is not None
    assert (found.quote.source, found.quote.session_day) == (BY_HAND, date(2012, 5, 18))


def test_a_day_without_a_new_price_has_no_change() -> None:
    assert day_of(row(("2012-05-14", "100"), ("2012-05-18", "120"))).total == 0


def test_a_new_price_changes_the_day_that_it_is_of() -> None:
    found = row(("2012-05-18", "120"), ("2012-05-21", "130"))
    assert (day_of(found).total, day_of(found).percent) == (D("20.00"), D("8.33"))
    assert found.quote is not None
    assert found.quote.change_percent == D("8.33")


def test_the_first_price_tells_no_change_of_what_was_held() -> None:
    found = row(("2012-05-21", "130"))
    assert isinstance(found.worth, Worth)
    assert isinstance(found.worth.day, NotAvailable)


def test_before_the_first_price_there_is_none() -> None:
    found = row(("2012-05-22", "130"))
    assert found.quality is Quality.UNPRICED
    assert isinstance(found.worth, Unpriced)


def test_a_day_begins_and_ends_with_the_owner() -> None:
    begins = moment("2012-05-21 22:00")  # midnight in Berlin
    before, after = (
        row(("2012-05-18", "120"), ("2012-05-22", "130"), at=at) for at in (begins - timedelta.resolution, begins)
    )
    assert (before.price, after.price) == (D(120), D(130))


def test_the_day_goes_by_without_a_tick() -> None:
    portfolio = LivePortfolio(
        owned(BOUGHT, prices=typed(("2012-05-18", "120"), ("2012-05-21", "130"))), calendar_of=calendar_of
    )
    assert day_of(row_of(value(portfolio), KEY)).total == D("20.00")
    nothing = portfolio.value(
        quote_of=lambda _: None,
        quality_of=lambda _: Quality.UNPRICED,
        rates=STEADY,
        at=NOON + timedelta(days=1),
        only=frozenset(),
    )
    assert day_of(row_of(nothing, KEY)).total == 0


def test_a_split_later_than_the_price_changes_the_units_and_not_the_value() -> None:
    found = row(("2012-05-14", "100"), transactions=(BOUGHT, split("2012-05-16 12:00", 4, 1, symbol=HOUSE)))
    assert isinstance(found.worth, Worth)
    assert (found.quantity, found.price, found.worth.value) == (D(8), D(25), D("200.00"))


def test_a_split_of_the_day_is_in_its_price_and_in_what_it_is_compared_with() -> None:
    halved = split("2012-05-21 09:00", 2, 1, symbol=HOUSE)
    found = row(("2012-05-14", "100"), ("2012-05-21", "55"), transactions=(BOUGHT, halved))
    assert isinstance(found.worth, Worth)
    assert (found.worth.value, day_of(found).total) == (D("220.00"), D("20.00"))


def test_a_renewed_portfolio_takes_other_prices_at_once() -> None:
    portfolio = LivePortfolio(owned(BOUGHT, prices=typed(("2012-05-18", "120"))), calendar_of=calendar_of)
    value(portfolio)
    portfolio.renew(owned(BOUGHT, prices=typed(("2012-05-18", "125"))))
    again = portfolio.value(
        quote_of=lambda _: None, quality_of=lambda _: Quality.UNPRICED, rates=STEADY, at=NOON, only=frozenset()
    )
    assert row_of(again, KEY).price == D(125)


def test_gains_count_what_was_typed() -> None:
    portfolio = LivePortfolio(
        owned(BOUGHT, buy("2012-05-14", "1", "500.00 USD"), prices=typed(("2012-05-18", "120"))),
        calendar_of=calendar_of,
    )
    apple = {AAPL: quote("600.00")}
    gains = portfolio.gains(quote_of=apple.get, rates=STEADY, at=NOON)
    assert not isinstance(gains, NotAvailable)
    assert gains.total == D(120)
    missing = portfolio.gains(quote_of=lambda _: None, rates=STEADY, at=NOON)
    assert missing == NotAvailable("no price of AAPL is known")


def test_what_was_sold_today_is_told_by_the_day_of_the_owner() -> None:
    sold = sell("2012-05-21 10:00", "2", "260.00 EUR", symbol=HOUSE)
    found = row(("2012-05-18", "120"), transactions=(BOUGHT, sold))
    assert (found.quantity, day_of(found).total) == (D(0), D("20.00"))


def test_a_span_asks_for_the_prices_at_its_ends() -> None:
    mine = owned(BOUGHT, prices=typed(("2012-05-14", "100"), ("2012-05-18", "120")))
    portfolio = LivePortfolio(mine, days=OneSpan(NOON))
    assert isinstance(row_of(value(portfolio), KEY).worth, Unpriced)
    change = span_change(
        mine, since=NOON - timedelta(days=2), until=NOON, price_of=lambda _symbol, _at: None, rates=STEADY
    )
    assert [each.symbol for each in change.left_out] == [HOUSE]


def test_what_has_no_typed_price_has_no_such_quote() -> None:
    mine = owned(BOUGHT, prices=typed(("2012-05-18", "120")))
    assert quote_by_hand(mine, AAPL, NOON) is None
    assert quote_by_hand(mine, HOUSE, moment("2012-05-17")) is None
    assert list(quotes_by_hand(mine, NOON)) == [HOUSE]
    assert quotes_by_hand(mine, moment("2012-05-17")) == {}


def test_a_quote_of_a_feed_does_not_touch_what_was_typed() -> None:
    portfolio = LivePortfolio(owned(BOUGHT, prices=typed(("2012-05-18", "120"))), calendar_of=calendar_of)
    other = portfolio.value(
        quote_of=lambda symbol: quote("1.00", symbol=symbol), quality_of=fresh, rates=STEADY, at=NOON
    )
    assert row_of(other, KEY).price == D(120)


def test_a_quote_of_a_feed_is_none_of_what_only_the_portfolio_knows() -> None:
    portfolio = LivePortfolio(owned(BOUGHT, prices={}), calendar_of=calendar_of)
    other = portfolio.value(
        quote_of=lambda symbol: quote("1.00", symbol=symbol), quality_of=fresh, rates=STEADY, at=NOON
    )
    found = row_of(other, KEY)
    assert (found.quality, found.price, found.quote) == (Quality.UNPRICED, None, None)
    assert isinstance(found.worth, Unpriced)
    gains = portfolio.gains(quote_of=lambda symbol: quote("1.00", symbol=symbol), rates=STEADY, at=NOON)
    assert gains == NotAvailable("no price of HOUSE is known")


def test_splits_up_to_the_end_of_its_day_are_in_a_price() -> None:
    portfolio = LivePortfolio(owned(BOUGHT, prices=typed(("2012-05-21", "120"))), calendar_of=calendar_of)
    value(portfolio)
    late = split("2012-05-21 15:00", 2, 1, symbol=HOUSE)
    assert day_ends(date(2012, 5, 21), BERLIN) > late.at
    portfolio.renew(owned(BOUGHT, late, prices=typed(("2012-05-21", "120"))))
    assert row_of(value(portfolio), KEY).price == D(120)
