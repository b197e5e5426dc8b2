"""One large portfolio in a database, and how long a process that knows nothing of it takes for all of its current figures.

`python -m benchmarks.cold_ledger write DATA INSTRUMENTS TRANSACTIONS` makes the database and prints the owner and the
portfolio; `… read DATA OWNER PORTFOLIO` is another process, which prints the CPU time in ms. Everything is the product's own.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from benchmarks.portfolio_server import LAST, seed_portfolio, set_up, shares
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.runtime.collector import collect_rarely

AT = LAST + timedelta(days=3, hours=3)
"""A Monday afternoon, with the session open."""


def write(data: str, instruments: int, transactions: int) -> None:
    """The database, with a price of each instrument."""
    set_up(data)
    from django.core.management import call_command

    from tickfolio.feeds.market_source import ClockPosition
    from tickfolio.identity.models import User
    from tickfolio.runtime.ports import MarketChanges
    from tickfolio.services.market_records import instance_declare, market_changes_record

    call_command("migrate", verbosity=0, interactive=False)
    instance_declare(is_replay=True, at=datetime.now(UTC))
    portfolio, _ = seed_portfolio(instruments=instruments, transactions=transactions)
    quotes = tuple(_quote(share.instrument) for share in shares(instruments).values())
    market_changes_record(
        changes=MarketChanges(
            quotes=quotes,
            bars=(),
            corporate_actions=(),
            clock=ClockPosition(run=1, at=AT),
            source="bench",
            recorded_at=datetime.now(UTC),
        )
    )
    print(User.objects.get().pk, portfolio)


def read(data: str, owner: int, portfolio: str) -> None:
    """Rows and totals of the portfolio, as a page asks for them first."""
    set_up(data)
    from tickfolio.feeds.ecb.history import rate_history
    from tickfolio.persistence.tenancy import Person
    from tickfolio.services.portfolio_values import valuation_of

    collect_rarely()
    rate_history()  # read once a process, from a file
    began = time.process_time()
    totals = valuation_of(actor=Person(owner), portfolio_id=portfolio).valuation.totals
    took = time.process_time() - began
    if not totals.priced or totals.unpriced:
        raise RuntimeError(f"Expected a value of every holding, found {totals.priced} and {totals.unpriced} without.")
    print(took * 1000)


def _quote(instrument: Instrument) -> Quote:
    return Quote(
        symbol=instrument.symbol,
        price=Decimal("123.45"),
        previous_close=Decimal("120.00"),
        session_day=AT.date(),
        session=MarketSession.REGULAR,
        source_time=AT,
        received_time=AT,
        source="bench",
        version=1,
    )


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        read(sys.argv[2], int(sys.argv[3]), sys.argv[4])
