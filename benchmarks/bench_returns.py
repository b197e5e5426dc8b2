"""Returns: the daily series of a portfolio, one more day of it, the page that shows all of it, and the money-weighted return.

Everything is CPU time, medians of five in one process with the collector as the server has it. pyxirr comes with the group
`peers`; it is written in Rust and gives one rate where ours looks for every one.
"""

from __future__ import annotations

import gc
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.bench_ledger import OF_ONE_USER, said
from benchmarks.ledgers import ACCOUNT, Deal, deals, transactions
from benchmarks.processes import clean_environment
from benchmarks.report import Figure, Peer
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import Deposit, TransactionId
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.mwr import MoneyWeighted, money_weighted
from tickfolio.domain.performance.series import PortfolioSeries, ValuedDay, portfolio_series
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan
from tickfolio.runtime.collector import COLLECT_AFTER, not_collecting

SEED = 20120521
YEARS, HOLDINGS, TRANSACTIONS, FLOWS = 20, 50, 5_000, 1_000
HOLDINGS_OF_ONE_USER = 300
ROUNDS = 5
EUR, USD = Currency("EUR"), Currency("USD")
UTC_ZONE = ZoneInfo("UTC")


def run() -> list[Figure]:
    """The figures."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT_AFTER)
    try:
        market = _market()
        return [
            Figure("returns.series", _median(lambda: _series(market, market.days)) * 1000, "ms"),
            Figure("returns.nextday", _next_day(market) * 1000, "ms"),
            *_page(),
            _beside_pyxirr(),
        ]
    finally:
        gc.set_threshold(*before)


# ---------- The series ----------


@dataclass(frozen=True, slots=True)
class Market:
    """Twenty years of fifty shares in two currencies, and a ledger of them."""

    book: PortfolioBook
    days: Days
    moments: list[datetime]
    prices: dict[Symbol, list[Decimal]]
    rates: RateTable

    def closes(self) -> dict[Symbol, CloseHistory]:
        """The histories, as if they had just been read: nothing has been worked out of them."""
        return {symbol: CloseHistory(self.moments, prices) for symbol, prices in self.prices.items()}


def _market() -> Market:
    chance = random.Random(SEED)
    made = [_stretched(deal) for deal in deals(TRANSACTIONS, instruments=HOLDINGS)]
    first, last = made[0].day - timedelta(days=1), made[0].day + timedelta(days=365 * YEARS + YEARS // 4)
    days = Days(first, last, UTC_ZONE)
    weekdays = [day for day in days.days if day.weekday() < 5]
    moments = [datetime(day.year, day.month, day.day, 20, tzinfo=UTC) for day in weekdays]
    symbols = sorted({Symbol(deal.symbol) for deal in made})
    prices = {symbol: _walk(chance, len(moments)) for symbol in symbols}
    rates = [
        (
            datetime(day.year, day.month, day.day, 15, tzinfo=UTC),
            {USD: Decimal(chance.randint(11_000, 13_000)).scaleb(-4)},
        )
        for day in (first - timedelta(days=1), *weekdays)
    ]
    begun = datetime(first.year, first.month, first.day, 8, tzinfo=UTC)
    paid_in = [
        Deposit(
            id=TransactionId(f"paid in {currency}"), account=ACCOUNT, at=begun, sequence=-1 - place,
            amount=Money(Decimal(10**9), currency),
        )
        for place, currency in enumerate((EUR, USD))
    ]  # fmt: skip
    currencies = {deal.symbol: Currency(deal.currency) for deal in made}
    book = PortfolioBook(
        base=EUR,
        zone=UTC_ZONE,
        accounts=(AccountFacts(ACCOUNT, "Broker"),),
        transactions=(*paid_in, *transactions(made)),
        instruments={symbol: Instrument(symbol, symbol, "XNYS", currencies[symbol]) for symbol in symbols},
    )
    return Market(book, days, moments, prices, rate_table(EUR, rates))


def _stretched(deal: Deal) -> Deal:
    """Over all the years: the ledger's own days are of eleven."""
    first = date(2000, 1, 3)
    return replace(deal, day=first + (deal.day - first) * 365 * YEARS // 4_000)


def _walk(chance: random.Random, count: int) -> list[Decimal]:
    price, found = 5_000, []
    for _ in range(count):
        price = max(100, price + chance.randint(-100, 102))
        found.append(Decimal(price).scaleb(-2))
    return found


def _series(market: Market, days: Days) -> list[ValuedDay]:
    with not_collecting():
        return _portfolio_series(market, days, _folded(market), market.closes()).whole()


def _folded(market: Market) -> LivePortfolio:
    live = LivePortfolio(market.book, days=OneSpan(market.days.begins[0]))
    live.ledgers(rates=market.rates, at=market.days.ends[-1])
    return live


def _portfolio_series(
    market: Market,
    days: Days,
    live: LivePortfolio,
    closes: dict[Symbol, CloseHistory],
    earlier: PortfolioSeries | None = None,
) -> PortfolioSeries:
    before = () if earlier is None else earlier.rows
    return portfolio_series(market.book, live, days, closes=closes, rates=market.rates, before=before)


def _next_day(market: Market) -> float:
    """What a day costs that has just ended, where the ones before it are known."""
    live, closes, days = _folded(market), market.closes(), market.days
    earlier = _portfolio_series(market, Days(days.days[0], days.days[-2], UTC_ZONE), live, closes)
    last = days.days[-1]
    return _median(lambda: _portfolio_series(market, Days(last, last, UTC_ZONE), live, closes, earlier).whole())


# ---------- The page ----------


def _page() -> list[Figure]:
    figures, answer, first, _ = page_times()
    return [
        Figure("returns.page", figures, "ms"),
        Figure("returns.answer", answer, "ms"),
        Figure("returns.answer_first", first, "ms"),
    ]


def page_times() -> list[float]:
    """What `benchmarks.performance_page` prints of a ledger of one busy user."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as data:
        _, portfolio = said("write", data, str(HOLDINGS_OF_ONE_USER), str(OF_ONE_USER)).split()
        command = [sys.executable, "-m", "benchmarks.performance_page", data, portfolio, str(HOLDINGS_OF_ONE_USER)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment())
        return [float(each) for each in done.stdout.strip().splitlines()[-1].split()]


# ---------- The money-weighted return ----------


def _beside_pyxirr() -> Figure:
    flows = _flows()
    ours = _median(lambda: money_weighted(flows), times=9)
    try:
        pyxirr: Any = import_module("pyxirr")
    except ImportError:
        return Figure("returns.xirr", ours * 1000, "ms")
    days, amounts = [day for day, _ in flows], [float(amount) for _, amount in flows]
    theirs = _median(lambda: [pyxirr.xirr(days, amounts) for _ in range(100)], times=9) / 100
    found = money_weighted(flows)
    rate = pyxirr.xirr(days, amounts)
    if not isinstance(found, MoneyWeighted) or rate is None or abs(found.annual - rate) > 1e-9:
        raise RuntimeError(f"Expected the same rate of both, was {found}.")
    return Figure("returns.xirr", ours / theirs, "times", Peer("pyxirr, us", theirs * 1e6))


def _flows() -> list[tuple[date, Decimal]]:
    chance, first = random.Random(SEED), date(2004, 1, 5)
    paid = [
        (first + timedelta(days=number * 7), Decimal(-chance.randint(1_000, 100_000)).scaleb(-2))
        for number in range(FLOWS - 1)
    ]
    total = -sum(amount for _, amount in paid)
    return [*paid, (first + timedelta(days=FLOWS * 7), Decimal(total) * 2)]


def _median(work: Callable[[], object], *, times: int = ROUNDS) -> float:
    """The median CPU time of `work` in seconds; once before it does not count."""
    work()
    found = []
    for _ in range(times):
        began = time.process_time()
        kept = work()
        found.append(time.process_time() - began)
        del kept
    return statistics.median(found)
