"""What a benchmark earned, and the same flows in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, Renaming, Split, StockDistribution
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.domain.performance.benchmark import Benchmark, UnitDividend, followed_values, unit_events
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.errors import InvalidValue

D = Decimal
EUR, USD = Currency("EUR"), Currency("USD")
AAPL = Symbol("AAPL")


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, tzinfo=UTC)


class EuroRates:
    """A dollar is 0.80 EUR until the 3rd, and 0.90 from then on; nothing else is known."""

    def rate_at(self, base: Currency, quote: Currency, *, at: datetime) -> ExchangeRate | Unpriced:
        if base == quote:
            return ExchangeRate(base, quote, D(1))
        if (base, quote) != (USD, EUR):
            return Unpriced(f"no exchange rate from {base} to {quote}")
        return ExchangeRate(base, quote, D("0.90") if at.day >= 3 else D("0.80"))


def benchmark(
    *closes: tuple[int, str],
    currency: Currency = EUR,
    splits: tuple[UnitChange, ...] = (),
    dividends: tuple[UnitDividend, ...] = (),
) -> Benchmark:
    history = CloseHistory([at(day, 20) for day, _ in closes], [D(price) for _, price in closes])
    return Benchmark(history, currency=currency, base=EUR, rates=EuroRates(), splits=splits, dividends=dividends)


def test_it_grows_from_close_to_close() -> None:
    assert benchmark((1, "100"), (2, "90"), (4, "108")).growth(at(1, 21), at(5)) == D("1.08")


def test_a_close_is_in_force_until_the_next() -> None:
    index = benchmark((1, "100"), (2, "90"))
    assert (index.worth(at(2, 19)), index.worth(at(2, 20)), index.worth(at(9))) == (D(100), D(90), D(90))


def test_it_counts_in_the_base_currency_at_the_rates_then() -> None:
    # 100 × 0.80 became 120 × 0.90.
    assert benchmark((1, "100"), (3, "120"), currency=USD).growth(at(2), at(4)) == D("1.35")


def test_a_dividend_buys_more_of_it_at_the_first_close_that_knows_it() -> None:
    index = benchmark((1, "100"), (2, "98"), (3, "98"), dividends=(UnitDividend(at(2), D("2")),))
    # 98 and the 2 that were paid: nothing was lost.
    assert (index.growth(at(1, 21), at(2, 19)), index.growth(at(1, 21), at(2, 21))) == (D(1), D(1))
    assert index.growth(at(1, 21), at(3, 21)) == D(1)


def test_a_split_is_no_gain() -> None:
    index = benchmark((1, "100"), (2, "51"), splits=(UnitChange(at(2), 2, 1),))
    assert (index.growth(at(1, 21), at(2, 19)), index.growth(at(1, 21), at(2, 21))) == (D(1), D("1.02"))


def test_a_dividend_before_a_split_is_of_the_old_units() -> None:
    index = benchmark(
        (1, "100"), (4, "49"), splits=(UnitChange(at(3), 2, 1),), dividends=(UnitDividend(at(2), D("2")),)
    )
    # 2 ÷ 98 more units and then twice as many: 98 + 2.
    grown = index.growth(at(1, 21), at(5))
    assert isinstance(grown, Decimal)
    assert abs(grown - 1) < D("1e-40")


def test_what_happened_before_its_first_close_is_in_it_already() -> None:
    index = benchmark((2, "50"), (3, "55"), splits=(UnitChange(at(1), 2, 1),), dividends=(UnitDividend(at(2), D("9")),))
    assert index.growth(at(2, 21), at(4)) == D("1.1")


def test_flows_buy_and_sell_it_at_the_price_then() -> None:
    index = benchmark((1, "100"), (2, "125"), (3, "150"))
    flows = [(at(1, 21), D(1000)), (at(2, 21), D(500)), (at(3, 21), D(-600))]
    # 10 units, 4 more, and 4 of the 14 sold.
    assert index.value_of(flows, until=at(4)) == D(1500)
    assert index.value_of(flows, until=at(4), worth_of=index.worth) == D(1500)


def test_a_flow_counts_at_the_rate_of_its_moment() -> None:
    index = benchmark((1, "100"), currency=USD)
    assert index.value_of([(at(2), D(80)), (at(3), D(90))], until=at(4)) == D(180)


def test_all_of_it_can_be_sold() -> None:
    index = benchmark((1, "3"), (2, "7"))
    # A third is no finite number, and nothing is left all the same.
    left = index.value_of([(at(1, 21), D(1)), (at(2), D(1)), (at(2, 1), D(-2))], until=at(3))
    assert isinstance(left, Decimal)
    assert abs(left) < D("1e-30")


def test_more_than_it_was_worth_cannot_leave() -> None:
    index = benchmark((1, "100"), (2, "50"))
    found = index.value_of([(at(1, 21), D(1000)), (at(2, 21), D(-600))], until=at(3))
    assert found == NotAvailable("on 2024-01-02 more left than the benchmark would have been worth")


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (benchmark(), "the benchmark has no price by 2024-01-02"),
        (benchmark((3, "100")), "the benchmark has no price by 2024-01-02"),
        (benchmark((1, "100"), currency=Currency("JPY")), "no exchange rate from JPY to EUR"),
    ],
)
def test_without_a_price_or_a_rate_it_is_not_available(index: Benchmark, reason: str) -> None:
    assert index.growth(at(2), at(4)) == NotAvailable(reason)
    assert index.value_of([(at(2), D(1))], until=at(4)) == NotAvailable(reason)


def test_at_no_price_nothing_can_be_bought_and_a_dividend_waits_for_the_next() -> None:
    index = benchmark((1, "100"), (2, "0"), (3, "50"), dividends=(UnitDividend(at(2), D("50")),))
    assert index.growth(at(2), at(2, 21)) == NotAvailable("the price of the benchmark is not above zero on 2024-01-02")
    # A unit, and another one for 50.
    assert index.growth(at(2), at(4)) == D(1)


def test_without_flows_there_is_nothing_of_it() -> None:
    assert benchmark((1, "100")).value_of([], until=at(2)) == 0
    assert isinstance(benchmark().value_of([], until=at(2)), NotAvailable)
    assert isinstance(benchmark((3, "100")).growth(at(4), at(2)), NotAvailable)


PRICES = st.decimals(min_value="0.01", max_value="10000", places=2)


@given(st.lists(PRICES, min_size=2, max_size=20), st.data())
def test_a_single_flow_grows_as_the_benchmark_does(prices: list[Decimal], data: st.DataObject) -> None:
    index = benchmark(*((day, str(price)) for day, price in enumerate(prices, start=1)))
    start = at(data.draw(st.integers(1, len(prices))), 21)
    grown, value = index.growth(start, at(28)), index.value_of([(start, D(1000))], until=at(28))
    assert isinstance(grown, Decimal)
    assert isinstance(value, Decimal)
    assert abs(value - 1000 * grown) <= D("1e-20") * value


@given(st.integers(0, 6))
def test_one_that_goes_on_is_the_same_as_at_once(cut: int) -> None:
    moments = [at(day) for day in range(1, 8)]
    prices = [D(each) for each in ("10", "11", "6", "6", "7", "0", "8")]
    events: dict[str, Any] = {
        "splits": [UnitChange(at(3), 2, 1)],
        "dividends": [UnitDividend(at(2), D("0.5")), UnitDividend(at(6), D("0.1"))],
    }
    at_once = Benchmark(CloseHistory(moments, prices), currency=EUR, base=EUR, rates=EuroRates(), **events)
    first = Benchmark(CloseHistory(moments[:cut], prices[:cut]), currency=EUR, base=EUR, rates=EuroRates(), **events)
    if cut:
        first.worth(at(9))
        both = first.then(CloseHistory(moments[cut:], prices[cut:]))
        assert [both.worth(each) for each in moments] == [at_once.worth(each) for each in moments]
        assert isinstance(first.worth(at(1) - timedelta(days=1)), NotAvailable)
    else:
        assert first.worth(at(9)) == NotAvailable("the benchmark has no price by 2024-01-09")


# ---------- What is known of it ----------


def test_splits_stock_and_cash_that_are_known_become_events_of_a_unit() -> None:
    splits, dividends = unit_events(
        [
            Split(AAPL, date(2024, 1, 3), new=2, old=1),
            StockDistribution(AAPL, date(2024, 1, 4), new=1, old=10),
            CashDividend(AAPL, date(2024, 1, 5), Decimal(2), USD),
            CapitalRepayment(AAPL, date(2024, 1, 6), Decimal(3), USD),
        ],
        begins_at=lambda day: datetime.combine(day, time(5), tzinfo=UTC),
        converted=lambda amount, _paid_in, at: amount * at.day,
    )
    assert [(each.at.day, each.new, each.old) for each in splits] == [(3, 2, 1), (4, 11, 10)]
    assert [(each.at.hour, each.amount) for each in dividends] == [(5, Decimal(10)), (5, Decimal(18))]


def test_what_became_something_else_is_no_benchmark() -> None:
    with pytest.raises(InvalidValue, match="on 2024-01-03 AAPL became something else"):
        unit_events(
            [Renaming(AAPL, date(2024, 1, 3), Symbol("APL"))],
            begins_at=lambda day: datetime.combine(day, time(5), tzinfo=UTC),
            converted=lambda amount, _paid_in, _at: amount,
        )


# ---------- Day by day ----------


def followed(index: Benchmark, flows: list[tuple[datetime, Decimal]]) -> tuple[Decimal, ...] | NotAvailable:
    ends = [at(day, 23) for day in (1, 2, 3)]
    return followed_values(flows, ends=ends, worths=[index.worth(end) for end in ends], worth_of=index.worth)


def test_flows_buy_when_they_come_and_count_from_the_end_of_that_day() -> None:
    index = benchmark((1, "100"), (2, "80"), (3, "90"))
    flows = [(at(1, 23), D(1000)), (at(2, 22), D(400)), (at(3, 22), D(-90))]
    assert followed(index, flows) == (D(1000), D(1200), D(1260))
    assert followed(index, flows[:2]) == (D(1000), D(1200), index.value_of(flows[:2], until=at(3, 23)))
    assert followed(index, []) == (D(0), D(0), D(0))


def test_days_are_not_available_where_the_benchmark_or_a_flow_is_not() -> None:
    assert followed(benchmark((2, "80")), []) == NotAvailable("the benchmark has no price by 2024-01-01")
    index = benchmark((1, "100"), (2, "80"), (3, "90"))
    assert followed(index, [(at(1, 19), D(1000))]) == NotAvailable("the benchmark has no price by 2024-01-01")
    left = followed(index, [(at(1, 21), D(1000)), (at(2, 21), D(-900))])
    assert left == NotAvailable("on 2024-01-02 more left than the benchmark would have been worth")
