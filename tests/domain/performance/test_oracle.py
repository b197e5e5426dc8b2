"""Returns of any simple portfolio against a second implementation, which knows nothing but quantities and fractions.

It keeps how many units and how much cash there are, values them by the day's close and rate, rounds each row to the cent, and
follows the definitions from there: the day rule, the linked growth, contributions, and a rate found by halving an interval.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import BROKER, buy, charge, deposit, dividend, sell, withdrawal
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import Fee, Transaction
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.contribution import contributions
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.mwr import MoneyWeighted
from tickfolio.domain.performance.risk import max_drawdown
from tickfolio.domain.performance.series import PortfolioSeries, portfolio_series
from tickfolio.domain.performance.span_figures import index_of, span_figures
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan

FIRST = date(2012, 5, 1)
UTC_ZONE = ZoneInfo("UTC")
EUR, USD = Currency("EUR"), Currency("USD")
SHARES = {Symbol("ONE"): USD, Symbol("TWO"): EUR}


def cents(value: Fraction) -> Fraction:
    """Half-even to two places."""
    scaled = Decimal(value.numerator * 10**30 // value.denominator).scaleb(-30)
    if value * 1000 % 10 == 5:  # an exact half, which the digits above hold whole
        scaled = Decimal(int(value * 1000)).scaleb(-3)
    return Fraction(scaled.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN))


@dataclass
class Plain:
    """What there is, and what the days were."""

    units: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cash: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    prices: list[dict[str, Fraction]] = field(default_factory=list)
    rates: list[Fraction] = field(default_factory=list)
    """What a dollar is in euros, at the end of each day."""
    values: list[dict[str, Fraction]] = field(default_factory=list)
    flows: list[list[Fraction]] = field(default_factory=list)
    moved: list[dict[str, Fraction]] = field(default_factory=list)

    def in_euros(self, amount: Fraction, currency: str, rate: Fraction) -> Fraction:
        return amount if currency == "EUR" else amount * rate

    def end_day(self, rate: Fraction) -> None:
        rows = {
            symbol: cents(self.in_euros(count * self.prices[-1][symbol], SHARES[Symbol(symbol)].code, rate))
            for symbol, count in self.units.items()
        }
        rows |= {code: cents(self.in_euros(amount, code, rate)) for code, amount in self.cash.items()}
        self.values.append(rows)

    def total(self, day: int) -> Fraction:
        return sum(self.values[day].values(), Fraction(0)) if day >= 0 else Fraction(0)

    def growth(self, day: int) -> Fraction | None:
        came = sum((flow for flow in self.flows[day] if flow > 0), Fraction(0))
        left = -sum((flow for flow in self.flows[day] if flow < 0), Fraction(0))
        invested, remained = self.total(day - 1) + came, self.total(day) + left
        return remained / invested if invested > 0 and remained >= 0 else None


def story(random: Random, days: int) -> tuple[Plain, list[Transaction], RateTable, dict[Symbol, CloseHistory]]:
    """Random days of one account: the same told to both."""
    plain, booked = Plain(), list[Transaction]()
    rate, rates = Fraction(Decimal("0.8")), []
    published = datetime(2012, 5, 1, 14, tzinfo=UTC)
    prices = {str(symbol): Fraction(random.randint(2_000, 9_000), 100) for symbol in SHARES}
    closes: dict[str, list[Decimal]] = {str(symbol): [] for symbol in SHARES}
    for number in range(days):
        day = FIRST + timedelta(days=number)
        # Rates are of noon; all that is booked is of the afternoon, so that the day has one rate.
        quote = Decimal(random.randint(11_000, 14_000)).scaleb(-4)
        rates.append((published + timedelta(days=number), {USD: quote}))
        rate = Fraction(round_12(1 / Fraction(quote)))
        plain.flows.append([])
        plain.moved.append(defaultdict(Fraction))
        for hour in range(random.randint(0, 3)):
            booked.extend(event(plain, random, f"{day} {16 + hour}:00", rate))
        for symbol, price in prices.items():
            prices[symbol] = max(Fraction(1), price + Fraction(random.randint(-300, 310), 100))
            closes[symbol].append(Decimal(int(prices[symbol] * 100)).scaleb(-2))
        plain.prices.append(dict(prices))
        plain.rates.append(rate)
        plain.end_day(rate)
    moments = [datetime(2012, 5, 1, 20, tzinfo=UTC) + timedelta(days=number) for number in range(days)]
    histories = {symbol: CloseHistory(moments, closes[symbol]) for symbol in SHARES}
    return plain, booked, rate_table(EUR, rates), histories


def round_12(value: Fraction) -> Fraction:
    """As published rates are turned round: half-even to 12 places, of 34 digits."""
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(scaled.quantize(Decimal("1e-12"), rounding=ROUND_HALF_EVEN))


def event(plain: Plain, random: Random, at: str, rate: Fraction) -> Iterable[Transaction]:
    currency = random.choice(("EUR", "USD"))
    amount = Fraction(random.randint(100, 500_000), 100)
    told = f"{Decimal(int(amount * 100)).scaleb(-2)} {currency}"
    symbol = random.choice(list(SHARES))
    code, held = SHARES[symbol].code, plain.units[symbol]

    def flow(value: Fraction) -> None:
        worth = cents(plain.in_euros(abs(value), currency, rate))
        worth = worth if value > 0 else -worth
        plain.flows[-1].append(worth)
        plain.moved[-1][currency] += worth

    match random.choice(("deposit", "deposit", "withdrawal", "buy", "buy", "sell", "dividend", "fee")):
        case "deposit":
            plain.cash[currency] += amount
            flow(amount)
            return [deposit(at, told)]
        case "withdrawal":
            plain.cash[currency] -= amount
            flow(-amount)
            return [withdrawal(at, told)]
        case "buy":
            count = random.randint(1, 40)
            plain.units[symbol] += count
            trade(plain, symbol, code, amount, rate)
            return [buy(at, f"{count}", told.replace(currency, code), symbol=symbol)]
        case "sell" if held:
            count = random.randint(1, held)
            plain.units[symbol] -= count
            trade(plain, symbol, code, -amount, rate)
            return [sell(at, f"{count}", told.replace(currency, code), symbol=symbol)]
        case "dividend" if held:
            trade(plain, symbol, code, -amount, rate)
            return [dividend(at, told.replace(currency, code), symbol=symbol)]
        case _:
            plain.cash[currency] -= amount
            return [charge(Fee, at, told)]


def trade(plain: Plain, symbol: Symbol, code: str, paid: Fraction, rate: Fraction) -> None:
    """Cash for units, or for a dividend."""
    plain.cash[code] -= paid
    worth = cents(plain.in_euros(abs(paid), code, rate))
    worth = worth if paid > 0 else -worth
    plain.moved[-1][symbol] += worth
    plain.moved[-1][code] -= worth


def series_of(
    booked: list[Transaction], rates: RateTable, closes: dict[Symbol, CloseHistory], days: int
) -> PortfolioSeries:
    book = PortfolioBook(
        base=EUR,
        zone=UTC_ZONE,
        accounts=(AccountFacts(BROKER, "Broker"),),
        transactions=tuple(booked),
        instruments={symbol: Instrument(symbol, symbol, "XNYS", currency) for symbol, currency in SHARES.items()},
    )
    span = Days(FIRST, FIRST + timedelta(days=days - 1), UTC_ZONE)
    live = LivePortfolio(book, days=OneSpan(span.begins[0]))
    live.ledgers(rates=rates, at=span.ends[-1])
    return portfolio_series(book, live, span, closes=closes, rates=rates)


def worth(paid: list[tuple[int, float]], force: float) -> float:
    return math.fsum(amount * math.exp(-force * place / 365) for place, amount in paid)


def halved(value: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that changes its sign once is zero."""
    rises = value(high) > 0
    for _ in range(200):
        middle = (low + high) / 2
        if (value(middle) > 0) is rises:
            high = middle
        else:
            low = middle
    return (low + high) / 2


@given(st.integers(0, 2**32), st.integers(5, 40))
def test_a_second_implementation_says_the_same(seed: int, count: int) -> None:
    plain, booked, rates, closes = story(Random(seed), count)
    series = series_of(booked, rates, closes, count)
    days = series.whole()
    for place, day in enumerate(days):
        assert Fraction(day.value) == plain.total(place)
        assert [Fraction(flow.amount) for flow in day.flows] == [flow for flow in plain.flows[place] if flow]
        growth = plain.growth(place)
        assert day.is_skipped is (growth is None)
        assert abs(Fraction(day.growth) - (1 if growth is None else growth)) <= Fraction(1, 10**40) * max(
            1, growth or 1
        )

    figures = span_figures(days, opening=Decimal(0))
    growths = [plain.growth(place) for place in range(count)]
    product = Fraction(1)
    for growth in growths:
        product *= 1 if growth is None else growth
    if isinstance(figures.twr, NotAvailable):
        assert growths == [None] * count
        return
    assert abs(Fraction(figures.twr) + 1 - product) <= Fraction(1, 10**30) * max(Fraction(1), product)

    # The rows: what each gained, and what that was of the return.
    gains, grown, parts = series.gains(), Fraction(1), defaultdict[str, Fraction](Fraction)
    for place in range(count):
        came = sum((flow for flow in plain.flows[place] if flow > 0), Fraction(0))
        invested = plain.total(place - 1) + came
        for name in {*SHARES, "EUR", "USD"}:
            before = plain.values[place - 1].get(name, Fraction(0)) if place else Fraction(0)
            gained = plain.values[place].get(name, Fraction(0)) - before - plain.moved[place][name]
            key = f"h:{BROKER}:{name}" if name in SHARES else f"c:{BROKER}:{name}"
            assert Fraction(int(gains[key][place]) if key in gains else 0, 100) == gained
            if growths[place] is not None:
                parts[key] += grown * gained / invested
        grown *= growths[place] or (1 if growths[place] is None else 0)
    found = contributions(days, gains, minor_unit=2)
    largest = max([1.0, *(abs(float(part)) for part in parts.values())])
    for key, part in parts.items():
        assert found.parts.get(key, 0.0) == pytest.approx(float(part), abs=1e-12 * largest)

    if isinstance(figures.mwr, MoneyWeighted):
        paid = [(place, -float(sum(plain.flows[place]))) for place in range(count)]
        paid.append((count - 1, float(plain.total(count - 1))))
        around = halved(lambda force: worth(paid, force), figures.mwr.force - 0.01, figures.mwr.force + 0.01)
        assert around == pytest.approx(figures.mwr.force, abs=1e-6)

    peak, deepest = Fraction(0), Fraction(0)
    for _, value in index_of(days):
        peak = max(peak, Fraction(value))
        deepest = min(deepest, Fraction(value) / peak - 1 if peak else Fraction(0))
    found_depth = max_drawdown(index_of(days))
    depth = 0.0 if isinstance(found_depth, NotAvailable) else float(found_depth.depth)
    assert depth == pytest.approx(float(deepest), abs=1e-12)
