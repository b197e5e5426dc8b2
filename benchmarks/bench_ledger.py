"""The ledger's fold beside programs that do the same work, and beside a bare loop.

Everything is CPU time of one process, medians of three. A whole ledger is read and folded as the product does everywhere, while
Python's collector rests; an edit is taken with the collector looking for cycles as seldom as in the server. Beancount comes
with the group `peers`; hledger is the machine's own, and without it its figure is left out.
"""

from __future__ import annotations

import gc
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.ledgers import ACCOUNT, Deal, as_beancount, as_hledger, as_scenario, bare_loop, deals, transactions
from benchmarks.processes import clean_environment
from benchmarks.report import Figure, Peer
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.ledger import AccountLedger, fold
from tickfolio.domain.ledger.transactions import Buy, Sell
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.runtime.collector import COLLECT_AFTER, not_collecting
from tickfolio.statements.scenario.reading import Scenario, read_scenario

COUNT, MANY, OF_ONE_USER = 50_000, 1_000_000, 14_400
ROUNDS = 3
USD = Currency("USD")
BEANCOUNT = (
    "import sys, time; from beancount import loader; from beancount.parser import booking; began = time.process_time(); "
    "entries, errors, options = loader.load_file(sys.argv[1]); "
    "assert len(entries) > 1000 and not errors, errors[:3]; print(time.process_time() - began)"
)


def run() -> list[Figure]:
    """The figures."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT_AFTER)
    try:
        made = list(deals(COUNT))
        booked = transactions(made)
        with not_collecting():
            content = as_scenario(made)
            ours = _cpu(lambda: _read_and_folded(content))
            alone = _cpu(lambda: fold(ACCOUNT, booked))
            bare = _cpu(lambda: bare_loop(_bare(made)))
            many = _per_transaction(MANY)
        return [
            Figure("ledger.whole", ours * 1000, "ms"),
            *_beside_beancount(made, ours),
            *_beside_hledger(made, ours),
            Figure("ledger.fold", alone * 1e6 / COUNT, "us a transaction"),
            Figure("ledger.floor", alone / bare, "times", Peer("bare loop, us", bare * 1e6 / COUNT)),
            Figure("ledger.linear", many / (alone / COUNT), "times"),
            Figure("ledger.edit", _edit() * 1000, "ms"),
            Figure("ledger.cold", _cold(), "ms"),
            Figure("ledger.memory", _bytes_per_lot(), "bytes a lot"),
        ]
    finally:
        gc.set_threshold(*before)


def _cpu(work: Callable[[], object]) -> float:
    """The median CPU time of `work` in seconds."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        began = time.process_time()
        kept = work()
        times.append(time.process_time() - began)
        del kept
    return statistics.median(times)


def _read_and_folded(content: bytes) -> tuple[Scenario, AccountLedger]:
    """Both, so that what it takes to forget them is in no figure."""
    scenario = read_scenario(content)
    return scenario, fold(ACCOUNT, scenario.transactions)


def _beside_beancount(made: list[Deal], ours: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.beancount")
        path.write_text(as_beancount(made))
        command = [sys.executable, "-c", BEANCOUNT, str(path)]
        # Once: it takes long enough, and its cache would make the second time another thing.
        theirs = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return [Figure("ledger.beancount", theirs / ours, "times faster", Peer("beancount 3, ms", theirs * 1000))]


def _beside_hledger(made: list[Deal], ours: float) -> list[Figure]:
    program = shutil.which("hledger")
    if program is None:
        print("hledger is not installed here: ledger.hledger is left out", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.journal")
        path.write_text(as_hledger(made))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "-f", str(path), "bal"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    theirs = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [Figure("ledger.hledger", theirs / ours, "times faster", Peer("hledger bal, ms", theirs * 1000))]


def _bare(made: list[Deal]) -> list[tuple[bool, str, Decimal, Decimal]]:
    return [(deal.buys, deal.symbol, Decimal(deal.quantity), deal.quantity * deal.price) for deal in made]


def _per_transaction(count: int) -> float:
    """CPU seconds a transaction of one fold of `count`."""
    booked = transactions(list(deals(count)))
    gc.collect()
    began = time.process_time()
    kept = fold(ACCOUNT, booked)
    took = time.process_time() - began
    del kept
    return took / count


def _edit() -> float:
    """One edit in the middle of one user's ledger: all current figures again."""
    made = transactions(list(deals(OF_ONE_USER, instruments=300)))
    symbols = {each.symbol: each.currency for each in made}
    end = max(each.at for each in made) + timedelta(hours=20)
    session = Session(day=end.date(), opens_at=end - timedelta(hours=6), closes_at=end + timedelta(hours=1))
    earlier = Session(
        day=end.date() - timedelta(days=1),
        opens_at=end - timedelta(hours=30),
        closes_at=end - timedelta(hours=24),
    )
    calendar = ExchangeCalendar(mic="XNYS", zone=ZoneInfo("America/New_York"), sessions=[earlier, session])
    quotes = {symbol: _quote(symbol, end) for symbol in symbols}
    rates: RateTable = rate_table(Currency("EUR"), [(datetime(1999, 1, 4, 15, tzinfo=UTC), {USD: Decimal("1.25")})])
    book = PortfolioBook(
        base=Currency("EUR"),
        zone=ZoneInfo("Europe/Berlin"),
        accounts=(AccountFacts(ACCOUNT, "Broker"),),
        transactions=tuple(made),
        instruments={symbol: Instrument(symbol, symbol, "XNYS", currency) for symbol, currency in symbols.items()},
    )
    live = LivePortfolio(book, calendar_of=lambda _instrument: calendar)

    def shown() -> object:
        return live.value(quote_of=quotes.get, quality_of=lambda _symbol: Quality.LIVE, rates=rates, at=end)

    shown()
    without = PortfolioBook(
        base=book.base,
        zone=book.zone,
        accounts=book.accounts,
        transactions=tuple(each for each in made if each is not _harmless(made)),
        instruments=book.instruments,
    )
    times = []
    for changed in (without, book, without, book, without):
        began = time.process_time()
        live.renew(changed)
        shown()
        times.append(time.process_time() - began)
    return statistics.median(times)


def _cold() -> float:
    """All current figures of one user's ledger in a process that has read nothing of it yet, from SQLite."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as data:
        owner, portfolio = said("write", data, "300", str(OF_ONE_USER)).split()
        return statistics.median(float(said("read", data, owner, portfolio)) for _ in range(ROUNDS))


def said(*arguments: str) -> str:
    """What the module of the cold ledger prints last."""
    command = [sys.executable, "-m", "benchmarks.cold_ledger", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment())
    return done.stdout.strip().splitlines()[-1]


def _harmless(made: Sequence[object]) -> object:
    """A sale in the middle, without which all others can be."""
    return next(each for each in made[len(made) // 2 :] if isinstance(each, Sell))


def _quote(symbol: Symbol, at: datetime) -> Quote:
    return Quote(
        symbol=symbol,
        price=Decimal("123.45"),
        previous_close=Decimal("120.00"),
        session_day=at.date(),
        session=MarketSession.REGULAR,
        source_time=at,
        received_time=at,
        source="bench",
        version=1,
    )


def _bytes_per_lot() -> float:
    """What the ledger keeps of open lots, of purchases alone."""
    purchases = [each for each in transactions(list(deals(COUNT))) if isinstance(each, Buy)]
    gc.collect()
    tracemalloc.start()
    ledger: AccountLedger = fold(ACCOUNT, purchases)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / sum(len(position.lots) for position in ledger.positions.values())
