"""The product with one large portfolio: `python -m benchmarks.portfolio_server INSTRUMENTS TRANSACTIONS [TICKS]`.

Everything is the product's own: pages, services, database, engine, sockets, server. The market is its replay, of as many
shares as asked for, each with a path of its own; of their ticks only so many a second come through, if a number is given. It
prints its address, the session cookie of the owner and the portfolio's id, as one line of JSON.
"""

from __future__ import annotations

import json
import logging
import os
import random
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import django
from channels.routing import ProtocolTypeRouter

from benchmarks.ticks import SEED, symbols
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Transaction,
    TransactionId,
)
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.feeds.market_source import MarketEvent
from tickfolio.feeds.replay.config import ReplayConfig
from tickfolio.feeds.replay.feed import ReplayFeed
from tickfolio.feeds.replay.history import ShareHistory, share_histories
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.runtime.server import bind, serve

if TYPE_CHECKING:
    from tickfolio.persistence.tenancy import Person
    from tickfolio.services.portfolio_changes import HeldPortfolio

USD = Currency("USD")
FIRST = datetime(2001, 1, 2, 15, 0, tzinfo=UTC)
LAST = datetime(2012, 5, 18, 15, 0, tzinfo=UTC)
MODEL = Symbol("AAPL")


TICKS_OF_A_SHARE = 3
"""A second, as the replay makes them."""


class ThinnedFeed(ReplayFeed):
    """The replay, of whose ticks only `ticks` a second come through, chance says which; each share's first one always does."""

    def thin(self, ticks: float) -> ThinnedFeed:
        """Sets how many."""
        self._share = ticks / (TICKS_OF_A_SHARE * len(self.instruments()))
        return self

    async def events(self) -> AsyncIterator[MarketEvent]:
        """What happens, in order."""
        chance, seen = random.Random(SEED), set[Symbol]()
        async for event in super().events():
            if isinstance(event, Tick) and event.symbol in seen and chance.random() >= self._share:
                continue
            if isinstance(event, Tick):
                seen.add(event.symbol)
            yield event


def shares(count: int) -> dict[Symbol, ShareHistory]:
    """As many shares, each with Apple's days under another name."""
    model = share_histories()[MODEL]
    listed = (
        Instrument(symbol=Symbol(name), name=f"Share {name}", mic=model.instrument.mic, currency=USD)
        for name in symbols(count)
    )
    return {instrument.symbol: ShareHistory(instrument, model.days) for instrument in listed}


def ledger(account: str, *, instruments: int, count: int, first_sequence: int) -> Iterator[Transaction]:
    """As many transactions over eleven years: purchases, sales, dividends, deposits and fees. The same seed, the same ones."""
    chance = random.Random(SEED)
    names = [Symbol(name) for name in symbols(instruments)]
    held = dict.fromkeys(names, 0)
    step = (LAST - FIRST) / count
    for number in range(count):
        name = names[number % instruments]
        kind = chance.choices(["buy", "sell", "dividend", "deposit", "fee"], [50, 25, 15, 5, 5])[0]
        if not held[name] or number < instruments:
            kind = "buy"
        quantity = chance.randint(1, 50) if kind == "buy" else chance.randint(1, max(1, held[name]))
        held[name] += {"buy": quantity, "sell": -quantity}.get(kind, 0)
        held[name] = max(held[name], 0)
        if kind == "sell" and not held[name]:
            held[name], kind = quantity, "dividend"  # every share stays in the portfolio
        place = {
            "id": TransactionId(f"00000000-0000-4000-8000-{number:012d}"),
            "account": AccountId(account),
            "at": (FIRST + number * step).replace(microsecond=0),
            "sequence": first_sequence + number,
        }
        yield _transaction(kind, place, name, quantity, cents=chance.randint(1_000, 60_000))


def _transaction(kind: str, place: dict[str, object], name: Symbol, quantity: int, *, cents: int) -> Transaction:
    price, nothing = Decimal(cents).scaleb(-2), Money(Decimal(0), USD)
    gross = Money(EXACT.multiply(Decimal(quantity), price), USD)
    fees = Money(Decimal("9.95"), USD)
    match kind:
        case "deposit":
            return Deposit(**place, amount=gross)  # type: ignore[arg-type]  # the place is made for all types at once
        case "fee":
            return Fee(**place, amount=fees)  # type: ignore[arg-type]
        case "dividend":
            return Dividend(**place, symbol=name, gross=gross, withholding_tax=nothing)  # type: ignore[arg-type]
    trade = Buy if kind == "buy" else Sell
    fees = fees if gross.amount > fees.amount else nothing
    return trade(**place, symbol=name, quantity=Decimal(quantity), price=price, gross=gross, fees=fees, taxes=nothing)  # type: ignore[arg-type]


def seed_portfolio(*, instruments: int, transactions: int) -> tuple[str, str]:
    """The portfolio and its owner; gives its id and the owner's session cookie."""
    from tickfolio.services import portfolios
    from tickfolio.services.drafts import ReadDraft
    from tickfolio.services.ledger_writes import NewEntry, append, next_sequence
    from tickfolio.services.market_records import instruments_register
    from tickfolio.services.permissions import Operation
    from tickfolio.services.portfolio_changes import held_portfolio

    instruments_register(instruments=[share.instrument for share in shares(instruments).values()])
    owner, cookie = _owner()
    portfolio = portfolios.portfolio_create(actor=owner, name="Large", base_currency="EUR")
    account = portfolios.account_create(actor=owner, portfolio_id=portfolio.id, name="Broker", currency="USD")

    def entries(held: HeldPortfolio) -> list[NewEntry]:
        made = ledger(account.id, instruments=instruments, count=transactions, first_sequence=next_sequence(held))
        return [NewEntry(read=ReadDraft(transaction=transaction, note="")) for transaction in made]

    with held_portfolio(actor=owner, portfolio_id=portfolio.id, operation=Operation.TRANSACTION_ADD) as held:
        append(held, entries(held))
    return portfolio.id, cookie


def _owner() -> tuple[Person, str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tickfolio.identity.models import User
    from tickfolio.persistence.tenancy import Person

    user = User.objects.create_user("owner@example.org", "correct horse battery staple")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return Person(user.pk), f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def set_up(data: str, *, port: int = 0) -> None:
    """Django, with its data in `data`."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tickfolio.config.settings",
        TICKFOLIO_MODE="demo",
        TICKFOLIO_DATA=data,
        TICKFOLIO_SECRET_KEY=secrets.token_urlsafe(50),
    )
    if port:
        os.environ["TICKFOLIO_PORT"] = str(port)
    django.setup()


def main(instruments: int, transactions: int, ticks: float = 0) -> None:
    """Serves until SIGTERM."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-bench-") as data:
        bound = bind("127.0.0.1", 0)
        port = bound[0].getsockname()[1]
        set_up(data, port=port)
        from django.core.asgi import get_asgi_application
        from django.core.management import call_command

        from tickfolio.config import composition
        from tickfolio.config.routing import socket_application
        from tickfolio.runtime.body_limit import BodyLimit
        from tickfolio.runtime.lifespan import Lifespan
        from tickfolio.runtime.logs import configure_logs
        from tickfolio.services.market_records import instance_declare

        configure_logs("console", level=logging.WARNING)
        call_command("migrate", verbosity=0, interactive=False)
        instance_declare(is_replay=True, at=datetime.now(UTC))
        portfolio_id, cookie = seed_portfolio(instruments=instruments, transactions=transactions)
        config, calendar = ReplayConfig(), exchange_calendar(composition.REPLAY_MIC)
        histories = shares(instruments)
        composition.market_from_settings = lambda remembered: ThinnedFeed(
            config, calendar=calendar, histories=histories, position=remembered.clock
        ).thin(ticks or TICKS_OF_A_SHARE * instruments)
        embedded = composition.compose_embedded()
        application = ProtocolTypeRouter(
            {
                "http": BodyLimit(get_asgi_application()),  # type: ignore[arg-type]
                "websocket": socket_application(embedded.hub_now),
                "lifespan": Lifespan(embedded),
            }
        )
        told = {"address": f"127.0.0.1:{port}", "cookie": cookie, "portfolio": portfolio_id}
        embedded.on_first_quotes = lambda: print(json.dumps(told), flush=True)
        serve(application, bound, before_stop=embedded.say_goodbye)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:]))
