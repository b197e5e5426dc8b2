"""What makes one row each, kept until it changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, dividend, fee, moment, sell
from tests.domain.ledger.generated import INSTRUMENTS
from tests.domain.valuation.market import EUR, NOON, RATES, USD, calendar_of, quote
from tickfolio.domain.ledger.incomes import income_of
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable, Quality, Unpriced
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.cash_rows import NO_COST
from tickfolio.domain.valuation.cells import CashCell, HoldingCell, Moment, ReceivableCell
from tickfolio.domain.valuation.valuation import RowKind, Worth
from tickfolio.domain.valuation.windows import PriceDays, report_day

FACTS = AccountFacts(BROKER, "Broker")
APPLE = INSTRUMENTS[AAPL]
MOMENT = Moment(CurrentRates(BaseRates(EUR, RATES), NOON), moment("2012-05-20 22:00"))
QUOTE = quote("110", "100")
DAY = PriceDays(calendar_of).day_of(APPLE, QUOTE, at=NOON)


def holding(*transactions: Transaction) -> HoldingCell:
    return HoldingCell(FACTS, fold(BROKER, transactions).position(AAPL), APPLE)


def test_a_holding_says_all_that_its_row_needs() -> None:
    row = holding(buy("2012-05-14", "10", "900 USD")).row(QUOTE, Quality.STALE, DAY, MOMENT)
    assert row is not None
    assert (row.key, row.kind, row.account, row.account_name) == (
        "h:broker:AAPL",
        RowKind.HOLDING,
        BROKER,
        "Broker",
    )
    assert (row.symbol, row.name, row.currency, row.quality) == (AAPL, "Apple Inc.", USD, Quality.STALE)
    assert (row.instrument, row.quote) == (APPLE, QUOTE)


def test_what_was_kept_is_used_until_it_is_forgotten() -> None:
    ledger = fold(BROKER, [buy("2012-05-14", "10", "900 USD")])
    cell = HoldingCell(FACTS, ledger.position(AAPL), APPLE)
    before = cell.row(QUOTE, Quality.REPLAY, DAY, MOMENT)
    ledger.book(buy("2012-05-15", "1", "100 USD", sequence=10**6))
    kept = cell.row(QUOTE, Quality.REPLAY, DAY, MOMENT)
    cell.forget()
    anew = cell.row(QUOTE, Quality.REPLAY, DAY, MOMENT)
    assert before is not None
    assert kept is not None
    assert anew is not None
    assert (before.cost, kept.cost, anew.cost) == (Decimal("720.00"), Decimal("720.00"), Decimal("800.00"))


def test_another_day_of_the_price_is_summed_anew() -> None:
    cell = holding(buy("2012-05-14", "10", "900 USD"), sell("2012-05-18 15:00", "1", "100 USD"))
    monday = cell.row(QUOTE, Quality.REPLAY, DAY, MOMENT)
    friday_quote = quote("110", "100", day="2012-05-18")
    friday = cell.row(friday_quote, Quality.REPLAY, PriceDays(calendar_of).day_of(APPLE, friday_quote, at=NOON), MOMENT)
    assert monday is not None
    assert friday is not None
    assert monday.worth != friday.worth


def test_what_is_no_longer_held_has_no_row_unless_something_happened_in_the_window() -> None:
    trades = buy("2012-05-14", "1", "90 USD"), sell("2012-05-15", "1", "95 USD")
    assert holding(*trades).row(QUOTE, Quality.REPLAY, DAY, MOMENT) is None
    for happened in (dividend("2012-05-21", "1 USD"), fee("2012-05-21", "1 USD", symbol=AAPL)):
        row = holding(*trades, happened).row(QUOTE, Quality.REPLAY, DAY, MOMENT)
        assert row is not None
        assert (row.quantity, row.quality, row.quote) == (Decimal(0), Quality.REPLAY, QUOTE)


def test_what_is_no_longer_held_falls_back_to_the_owners_day_where_the_price_is_too_old() -> None:
    old = quote("110", "100", day="2012-05-10")
    too_old = PriceDays(calendar_of).day_of(APPLE, old, at=NOON)
    assert isinstance(too_old.window, NotAvailable)
    trades = buy("2012-05-14", "1", "90 USD"), sell("2012-05-15", "1", "95 USD")
    assert holding(*trades).row(old, Quality.STALE, too_old, MOMENT) is None
    today = holding(*trades, dividend("2012-05-21 15:00", "1 USD")).row(old, Quality.STALE, too_old, MOMENT)
    assert today is not None
    assert isinstance(today.worth, Worth)
    assert not isinstance(today.worth.day, NotAvailable)
    assert (today.worth.day.income, today.quote) == (Decimal("0.90"), None)


def test_a_holding_without_a_quote_is_unpriced() -> None:
    row = holding(buy("2012-05-14", "1", "90 USD")).row(None, Quality.UNPRICED, None, MOMENT)
    assert row is not None
    assert isinstance(row.worth, Unpriced)
    assert report_day(MOMENT.day_start).basis == MOMENT.day_start


def test_a_holding_without_the_rate_of_its_purchase_keeps_its_quote() -> None:
    row = holding(buy("2012-03-01", "1", "90 USD")).row(QUOTE, Quality.STALE, DAY, MOMENT)
    assert row is not None
    assert isinstance(row.worth, Unpriced)
    assert (row.quote, row.quality, row.price, row.cost) == (QUOTE, Quality.STALE, None, NotAvailable(row.worth.reason))


def test_the_exact_value_of_a_holding_is_not_rounded() -> None:
    cell = holding(buy("2012-05-14", "0.333", "90 USD"))
    assert cell.is_held
    assert cell.market_value(quote("110.01", "100"), DAY, MOMENT.rates) == Decimal("0.333") * Decimal(
        "110.01"
    ) * Decimal("0.9")


def test_cash_is_kept_until_it_is_forgotten() -> None:
    ledger = fold(BROKER, [deposit("2012-05-21 13:00", "100 USD")])
    cell = CashCell(FACTS, ledger.cash_of(USD))
    before = cell.row(MOMENT)
    assert before is not None
    assert (before.key, before.quantity) == ("c:broker:USD", Decimal(100))
    assert (before.kind, before.account, before.account_name) == (RowKind.CASH, BROKER, "Broker")
    assert (before.symbol, before.currency, before.name, before.price) == (None, USD, "USD", Decimal("0.9"))
    assert (before.instrument, before.quote, before.quality, before.cost) == (None, None, None, NO_COST)
    later = Moment(MOMENT.rates, MOMENT.day_start + timedelta(days=1))
    cell.forget()
    after = cell.row(later)
    assert after is not None
    assert before.worth != after.worth


def test_a_receivable_names_its_instrument_its_currency_and_when_it_is_due() -> None:
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-14")
    cell = ReceivableCell(FACTS, income_of(due), APPLE, paid_on=date(2012, 6, 9))
    cell.forget()
    row = cell.row(MOMENT)
    assert (row.key, row.symbol, row.currency, row.quantity) == (f"r:broker:{due.id}", AAPL, USD, Decimal(17))
    assert (row.name, row.price, row.quality) == ("2012-06-09", Decimal("0.9"), None)
    assert (row.kind, row.account, row.account_name) == (RowKind.RECEIVABLE, BROKER, "Broker")
    assert (row.instrument, row.quote, row.cost) == (APPLE, None, NO_COST)
