"""Many small portfolios on the product's live path: `python -m benchmarks.fanout.portfolio_server SYMBOLS HOLDINGS`.

As `hub_server.py`, with portfolios that were bought once and are valued by the product's beat. Whoever comes with a portfolio's id
as their session is its owner. There is no database: each is made when it is first watched.
"""

from __future__ import annotations

import asyncio
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from channels.routing import ProtocolTypeRouter

from benchmarks.fanout.hub_server import Driven, NoPortfolios, django_ready
from benchmarks.live_server import MIC, always_open
from benchmarks.load_client import raise_file_limit
from benchmarks.processes import say_address
from benchmarks.ticks import SEED, symbols
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId, Buy, Deposit, Transaction, TransactionId
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.hub import Hub
from tickfolio.live.ports import LoadedPortfolio, Standing
from tickfolio.live.viewer import Rights, Viewer
from tickfolio.live.wire.portfolio_messages import VisiblePortfolio
from tickfolio.runtime.lifespan import Lifespan
from tickfolio.runtime.portfolio_reader import LOOK_SECONDS
from tickfolio.runtime.server import bind, serve

USD = Currency("USD")
EUR = Currency("EUR")
NOTHING = Money(Decimal(0), USD)
ZONE = "Europe/Berlin"
ACCOUNT = AccountId("5f0c7f4e-1a5b-4f0c-8a66-0d8f4c1b2a33")


def portfolio_id(number: int) -> str:
    """The id of a portfolio.

    >>> portfolio_id(7)
    '00000000-0000-4000-8000-000000000007'
    """
    return f"00000000-0000-4000-8000-{number:012d}"


def book_of(number: int, *, count: int, holdings: int) -> PortfolioBook:
    """A deposit, and as many purchases of symbols from everywhere, so that each beat's ticks are of some of them."""
    at = datetime.now(UTC) - timedelta(days=30)
    offsets = random.Random(SEED).sample(range(count), holdings)
    names = [Symbol(symbols(count)[(number + offset) % count]) for offset in offsets]
    price = Decimal("100.00")
    transactions: list[Transaction] = [
        Deposit(id=_id(0), account=ACCOUNT, at=at, sequence=1, amount=Money(Decimal(100_000), USD))
    ]
    for each, name in enumerate(names, start=1):
        transactions.append(
            Buy(
                id=_id(each),
                account=ACCOUNT,
                at=at + timedelta(minutes=each),
                sequence=each + 1,
                symbol=name,
                quantity=Decimal(each),
                price=price,
                gross=Money(each * price, USD),
                fees=NOTHING,
                taxes=NOTHING,
            )
        )
    return PortfolioBook(
        base=USD,
        zone=ZoneInfo(ZONE),
        accounts=(AccountFacts(ACCOUNT, "Broker"),),
        transactions=tuple(transactions),
        instruments={name: Instrument(symbol=name, name=name, mic=MIC, currency=USD) for name in names},
    )


def _id(number: int) -> TransactionId:
    return TransactionId(portfolio_id(number))


@dataclass
class Made(NoPortfolios):
    """The `PortfolioSource` that makes each portfolio when it is asked for; `hub` is told."""

    count: int
    holdings: int
    hub: Hub | None = field(default=None)

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        """Makes it soon, as one that is read comes later."""
        asyncio.get_running_loop().call_soon(self._make, portfolio)

    def _make(self, portfolio: str) -> None:
        assert self.hub is not None
        calendar = always_open(datetime.now(UTC).date())
        book = book_of(int(portfolio[-12:]), count=self.count, holdings=self.holdings)
        self.hub.portfolios.loaded(
            LoadedPortfolio(
                id=portfolio,
                standing=Standing(head=len(book.transactions), zone=ZONE),
                live=LivePortfolio(book, calendar_of=lambda _instrument: calendar),
                symbols=frozenset(book.instruments),
                rates=rate_table(EUR, [(datetime.now(UTC) - timedelta(days=400), {USD: Decimal("1.25")})]),
            )
        )

    def confirm_rights(self) -> None:
        """Says of everybody what they may watch, and so again and again, as the product's reader of the database does."""
        assert self.hub is not None
        at = self.hub.monotonic()
        self.hub.reach.heard(at)
        for user, sessions in self.hub.people.sessions().items():
            seen = tuple(visible for session in sessions for visible in viewer_of(session).portfolios)
            self.hub.rights_read(user, Rights(sessions=sessions, portfolios=seen), asked=sessions, as_of=at)
        asyncio.get_running_loop().call_later(LOOK_SECONDS, self.confirm_rights)


class Owned(Driven):
    """With people whose rights are confirmed."""

    def __init__(self, count: int, made: Made) -> None:
        super().__init__(count, InProcessBus(), source=made)
        made.hub = self.engine.hub
        self._made = made

    async def start(self) -> None:
        """As ever, and the rights of those who come."""
        await super().start()
        self._made.confirm_rights()


def viewer_of(session: str) -> Viewer:
    """The owner of the portfolio whose id the session is."""
    visible = VisiblePortfolio(id=session, name="Savings", currency="USD", role="owner")
    return Viewer(user=int(session[-12:]), session=session, portfolios=(visible,))


def main(count: int, holdings: int) -> None:
    """Serves until SIGTERM."""
    bound = bind("127.0.0.1", 0)
    with django_ready(port=bound[0].getsockname()[1]):
        from tickfolio.config.routing import by_path
        from tickfolio.gateway.consumer import HandshakeGuard, StockConsumer
        from tickfolio.gateway.holders import Holders

        driven = Owned(count, Made(count=count, holdings=holdings))
        consumer = StockConsumer.as_asgi(  # type: ignore[no-untyped-call]  # Channels carries no types
            hub=driven.hub_now, viewer_of=viewer_of, holders=Holders(lambda _token: None)
        )
        sockets = HandshakeGuard(by_path({"/ws/stocks/": consumer}))
        application: Any = ProtocolTypeRouter({"websocket": sockets, "lifespan": Lifespan(driven)})
        say_address(bound[0])
        serve(application, bound, before_stop=driven.engine.hub.say_goodbye)


if __name__ == "__main__":
    raise_file_limit()
    main(int(sys.argv[1]), int(sys.argv[2]))
