from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.live.market import AAPL, OPEN, instrument
from tests.live.portfolios import ACCOUNT, EUR, USD
from tests.live.test_portfolio_rows import quote
from tickfolio.domain.instruments import PRIVATE_MIC
from tickfolio.domain.market.quotes import MarketSession, NotAvailable, Quality, Unpriced
from tickfolio.domain.valuation.valuation import Day, OldestPrice, Row, RowKind, Totals, Worth
from tickfolio.live.portfolio_figures import moved_row, portfolio_row, portfolio_totals
from tickfolio.live.rows import quote_row

DAY = Day(
    total=Decimal("-10.50"),
    price=Decimal("-15.00"),
    trading=Decimal("3.25"),
    income=Decimal("2.00"),
    fees=Decimal("-1.00"),
    taxes=Decimal("-0.25"),
    currency=Decimal("0.50"),
    percent=Decimal("-0.21"),
    reference=Decimal("5000.00"),
    opening=Decimal("5000.00"),
    reference_day=date(2012, 5, 18),
)
WORTH = Worth(value=Decimal("4008.00"), unrealized=Decimal("8.00"), unrealized_percent=Decimal("0.20"), day=DAY)
HOLDING = Row(
    key="h:a:AAPL",
    kind=RowKind.HOLDING,
    account=ACCOUNT,
    account_name="Broker",
    symbol=AAPL,
    currency=USD,
    name="Apple",
    quantity=Decimal("10.5000"),
    price=Decimal(501),
    quality=Quality.REPLAY,
    instrument=instrument(),
    quote=quote(5),
    cost=Decimal("4000.00"),
    worth=WORTH,
)
CASH = HOLDING.but(
    key="c:a:USD",
    kind=RowKind.CASH,
    symbol=None,
    name="USD",
    quantity=Decimal(6000),
    price=Decimal("0.8"),
    quality=None,
    instrument=None,
    quote=None,
    cost=NotAvailable("cash has no cost basis"),
    worth=WORTH.but(unrealized=NotAvailable("-"), unrealized_percent=NotAvailable("-")),
)


def test_holding_in_the_words_of_the_wire() -> None:
    row = portfolio_row(HOLDING, session="regular")
    assert (row.kind, row.symbol, row.quantity, row.price) == ("holding", "AAPL", "10.5", "501.00")
    assert (row.quality, row.session, row.source_time) == ("replay", "regular", "2012-05-21T13:30:05.000Z")
    assert (row.value, row.cost, row.unrealized, row.unrealized_percent) == ("4008.00", "4000.00", "8.00", "0.20")
    assert (row.day, row.day_percent, row.day_price, row.day_currency) == ("-10.50", "-0.21", "-15.00", "0.50")
    assert (row.day_trading, row.day_taxes) == ("3.25", "-0.25")
    assert (row.day_income, row.day_fees, row.reason) == ("2.00", "-1.00", None)


def test_what_only_the_portfolio_knows_has_no_session_whoever_has_its_symbol() -> None:
    own = HOLDING.but(instrument=replace(instrument(), mic=PRIVATE_MIC))
    assert portfolio_row(own, session="regular").session == "closed"
    assert portfolio_row(HOLDING.but(instrument=None), session="regular").session == "regular"


def test_cash_has_its_currency_as_symbol_and_the_rate_as_price() -> None:
    row = portfolio_row(CASH, session="regular")
    assert (row.kind, row.symbol, row.currency, row.quantity) == ("cash", "USD", "USD", "6000.00")
    assert (row.price, row.price_places, row.quality, row.session) == ("0.80000", 5, "closed", "closed")
    assert (row.cost, row.unrealized, row.unrealized_percent, row.change_percent) == (None, None, None, None)


@pytest.mark.parametrize(
    ("quantity", "text"), [("6000.125", "6000.125"), ("-5", "-5.00"), ("0", "0.00"), ("1E+3", "1000.00")]
)
def test_cash_has_at_least_the_places_of_its_smallest_coin(quantity: str, text: str) -> None:
    assert portfolio_row(CASH.but(quantity=Decimal(quantity)), session="closed").quantity == text


@pytest.mark.parametrize(("quantity", "text"), [("100", "100"), ("1E+2", "100"), ("0.0000001", "0.0000001")])
def test_units_are_in_plain_digits_without_needless_zeros(quantity: str, text: str) -> None:
    assert portfolio_row(HOLDING.but(quantity=Decimal(quantity)), session="closed").quantity == text


def test_row_without_a_value_says_why_and_keeps_its_cost() -> None:
    row = portfolio_row(HOLDING.but(worth=Unpriced("no price is known"), quality=None, quote=None), session="closed")
    assert (row.value, row.day, row.unrealized, row.cost) == (None, None, None, "4000.00")
    assert (row.quality, row.source_time, row.reason) == ("unpriced", None, "no price is known")
    assert portfolio_row(CASH.but(worth=Unpriced("no rate")), session="closed").quality == "unpriced"


def test_row_without_a_day_says_why() -> None:
    row = portfolio_row(HOLDING.but(worth=WORTH.but(day=NotAvailable("no close"))), session="closed")
    assert (row.value, row.day, row.day_price, row.reason) == ("4008.00", None, None, "no close")


@pytest.mark.parametrize(
    "now",
    [
        HOLDING.but(price=Decimal("502.5"), quote=quote(9), worth=WORTH.but(value=Decimal("5276.25"))),
        HOLDING.but(quality=Quality.STALE, worth=Unpriced("no rate is known")),
        HOLDING.but(quantity=Decimal(20)),
        HOLDING.but(cost=NotAvailable("nobody said")),
        HOLDING.but(account_name="Bank", name="Apple Inc."),
        HOLDING.but(instrument=replace(instrument(), mic=PRIVATE_MIC)),
    ],
)
def test_row_that_takes_the_place_of_another_is_the_same_as_one_made_anew(now: Row) -> None:
    shown = portfolio_row(HOLDING, session="regular")
    assert moved_row(shown, HOLDING, now, session="closed", quoted=None) == portfolio_row(now, session="closed")


@pytest.mark.parametrize("places", [2, 3])
def test_texts_of_a_quote_that_pages_see_already_are_the_same(places: int) -> None:
    seen, held = quote(5), instrument()
    row = HOLDING.but(price=seen.price, quote=seen, instrument=replace(held, price_places=places))
    quoted = quote_row(held, seen, quality=Quality.REPLAY, session=MarketSession.REGULAR)
    assert portfolio_row(row, session="regular", quoted=quoted) == portfolio_row(row, session="regular")


def test_price_after_a_split_that_the_quote_does_not_know_is_its_own() -> None:
    seen = quote(5)
    row = HOLDING.but(price=Decimal("250.50"), quote=seen)
    quoted = quote_row(instrument(), seen, quality=Quality.REPLAY, session=MarketSession.REGULAR)
    assert portfolio_row(row, session="regular", quoted=quoted).price == "250.50"


def test_totals_in_the_words_of_the_wire() -> None:
    zero = Decimal("0.00")
    totals = Totals(
        currency=EUR,
        value=Decimal("1.00"),
        cost=zero,
        cost_unsigned=Decimal("2.00"),
        unrealized=zero,
        unrealized_percent=NotAvailable("the cost is not above zero"),
        day=zero,
        day_opening=zero,
        day_percent=Decimal("0.10"),
        day_price=zero,
        day_trading=zero,
        day_income=zero,
        day_fees=zero,
        day_taxes=zero,
        day_currency=zero,
        priced=3,
        unpriced=2,
        stale=1,
        without_day=4,
        without_cost=1,
        oldest=OldestPrice(AAPL, OPEN),
        reference_day=date(2012, 5, 18),
    )
    shown = portfolio_totals(totals)
    assert (shown.currency, shown.value, shown.unrealized_percent, shown.day_percent) == ("EUR", "1.00", None, "0.10")
    assert (shown.priced, shown.unpriced, shown.stale, shown.without_day) == (3, 2, 1, 4)
    assert (shown.cost_unsigned, shown.without_cost) == ("2.00", 1)
    assert (shown.oldest_symbol, shown.oldest_time) == ("AAPL", "2012-05-21T13:30:00.000Z")
    assert shown.reference_day == "2012-05-18"
    empty = portfolio_totals(totals.but(oldest=None, reference_day=None))
    assert (empty.oldest_symbol, empty.oldest_time, empty.reference_day) == (None, None, None)
