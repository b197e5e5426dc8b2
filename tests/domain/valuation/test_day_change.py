"""What the day of a holding is made of; the figures themselves are tested in test_holdings.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import AAPL, BROKER, buy, dividend, fee, moment, sell
from tests.domain.ledger.generated import ACCOUNTS, FIRST, INSTRUMENTS, GeneratedLedger, ledgers
from tests.domain.valuation.market import EUR, RATES, USD, fresh, generated_book
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.corporate_actions import Split as PriceSplit
from tickfolio.domain.corporate_actions import split_adjusted
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.transactions import Deposit, Split, Transaction, Withdrawal
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.day_change import DayFacts, DaySums, day_sums, exact_sum, has_moved, units_sold
from tickfolio.domain.valuation.revalue import LivePortfolio, PortfolioBook
from tickfolio.domain.valuation.windows import Window

D = Decimal
FRIDAYS_CLOSE = moment("2012-05-18 20:00")
MONDAYS_CLOSE = moment("2012-05-21 20:00")
WINDOW = Window(FRIDAYS_CLOSE, date(2012, 5, 18))
FACTS = DayFacts(WINDOW, MONDAYS_CLOSE, moment("2012-05-20 22:00"), USD, BaseRates(EUR, RATES))
DAYS = [date(2012, 4, 2) + timedelta(days=number) for number in range(160)]
CONTINUOUS = ExchangeCalendar(
    mic="XNYS",
    zone=ZoneInfo("UTC"),
    sessions=[
        Session(
            day=day,
            opens_at=datetime.combine(day, time(0), tzinfo=UTC),
            closes_at=datetime.combine(day, time.max, tzinfo=UTC),
        )
        for day in DAYS
    ],
)
"""A market that never rests: its session is the day of an owner in UTC, so that all windows are one."""


def sums(*transactions: Transaction) -> DaySums:
    return day_sums(fold(BROKER, transactions).position(AAPL), FACTS)


def test_units_are_told_by_their_purchase_and_their_sale() -> None:
    made = sums(
        buy("2012-05-14", "10", "900 USD"),
        buy("2012-05-21", "4", "420 USD"),
        sell("2012-05-21 13:00", "3", "330 USD"),
    )
    assert (made.held, made.bought, made.sold) == (D(7), D(4), D(3))
    assert (made.bought_cost, made.purchases, made.sold_proceeds) == (D("336.0"), D("336.0"), D("264.0"))


def test_what_happened_at_the_close_itself_is_not_of_the_day() -> None:
    at_close, after = buy("2012-05-18 20:00", "1", "100 USD"), buy("2012-05-18 20:01", "2", "200 USD")
    assert (sums(at_close, after).held, sums(at_close, after).bought) == (D(1), D(2))


def test_a_position_moved_when_something_was_sold_paid_or_charged() -> None:
    held = buy("2012-05-14", "10", "900 USD")
    for happened in (
        sell("2012-05-21", "1", "1 USD"),
        dividend("2012-05-21", "1 USD"),
        fee("2012-05-21", "1 USD", symbol=AAPL),
    ):
        assert has_moved(fold(BROKER, [held, happened]).position(AAPL), WINDOW)
    assert not has_moved(fold(BROKER, [held, dividend("2012-05-21", "1 USD", ex="2012-05-14")]).position(AAPL), WINDOW)


def test_units_follow_the_splits_between_two_moments_either_way() -> None:
    # One sale before both, one between them, one after both.
    splits = [UnitChange(moment("2012-05-14"), 2, 1, closed=1), UnitChange(moment("2012-05-21"), 3, 2, closed=2)]
    may_1, may_17, june = moment("2012-05-01"), moment("2012-05-17"), moment("2012-06-01")
    assert units_sold(splits, D(10), number=0, until=june) == 30
    assert units_sold(splits, D(10), number=1, until=june) == 15
    assert units_sold(splits, D(30), number=2, until=may_1) == 10
    assert units_sold(splits, D(10), number=1, until=may_17) == 10


def test_a_sum_of_nothing_is_zero_and_of_anything_exact() -> None:
    tiny, huge = D("0.000000000000000000000000000001"), D(10) ** 30
    assert exact_sum([]) == 0
    assert exact_sum([huge, tiny]) == EXACT.add(huge, tiny) != huge


@given(ledger=ledgers(min_size=4), hours=st.integers(0, 500), seed=st.integers(0, 2**16))
def test_the_day_is_what_the_value_gained_less_what_came_from_outside(
    ledger: GeneratedLedger, hours: int, seed: int
) -> None:
    """Where all rows have one window, nothing of the day is lost and nothing is told twice."""
    at = FIRST + timedelta(hours=hours, minutes=30)
    midnight = datetime.combine(at.date(), time(0), tzinfo=UTC)
    # One account alone: two would split one share in two ways.
    known = replace(generated_book(ledger, ACCOUNTS[0]), zone=ZoneInfo("UTC"))
    yesterday, now = closes_and_prices(known, seed=seed, midnight=midnight, at=at)
    portfolio, rates = LivePortfolio(known, calendar_of=lambda _: CONTINUOUS), ledger.rates
    opening = portfolio.value(quote_of=yesterday.get, quality_of=fresh, rates=rates, at=midnight - timedelta.resolution)
    closing = portfolio.value(quote_of=now.get, quality_of=fresh, rates=rates, at=at)
    flows = exact_sum(flow(each, known.base, rates) for each in known.transactions if midnight <= each.at <= at)
    gained = closing.totals.value - opening.totals.value - flows
    coin = Decimal(1).scaleb(-known.base.minor_unit)
    assert (closing.totals.without_day, closing.totals.unpriced, opening.totals.unpriced) == (0, 0, 0)
    assert abs(closing.totals.day - gained) <= coin * (len(opening.rows) + 2 * len(closing.rows) + 1) / 2


def closes_and_prices(
    known: PortfolioBook, *, seed: int, midnight: datetime, at: datetime
) -> tuple[dict[Symbol, Quote], dict[Symbol, Quote]]:
    """Yesterday's quotes, and today's with yesterday's prices on the basis of after today's splits."""
    random, yesterday, now = Random(seed), {}, {}
    for symbol in INSTRUMENTS:
        close, price = (Decimal(random.randint(1, 10**5)).scaleb(-2) for _ in range(2))
        splits = [
            PriceSplit(symbol, each.at.date(), new=each.new, old=each.old)
            for each in known.transactions
            # Those of later today are neither booked nor in the price.
            if isinstance(each, Split) and each.symbol == symbol and midnight <= each.at <= at
        ]
        yesterday[symbol] = a_quote(symbol, close, None, midnight - timedelta.resolution)
        now[symbol] = a_quote(symbol, price, split_adjusted(close, splits), at)
    return yesterday, now


def a_quote(symbol: Symbol, price: Decimal, close: Decimal | None, at: datetime) -> Quote:
    return Quote(
        symbol=symbol,
        price=price,
        previous_close=close,
        session_day=at.date(),
        session=MarketSession.CONTINUOUS,
        source_time=at,
        received_time=at,
        source="test",
        version=1,
    )


def flow(transaction: Transaction, base: Currency, rates: RateTable) -> Decimal:
    """What came in from outside, in the base currency."""
    if not isinstance(transaction, Deposit | Withdrawal):
        return Decimal(0)
    value = BaseRates(base, rates).converted(transaction.amount, transaction.at)
    return value if isinstance(transaction, Deposit) else -value
