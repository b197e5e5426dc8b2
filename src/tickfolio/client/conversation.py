"""A client's side of ``tickfolio.v1``: what it says, and what it holds of what it hears. Sans-I/O.

**Source**: docs/reference/live-protocol.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from types import MappingProxyType

import msgspec

from tickfolio.live.wire.apply import PortfolioState, ScopeState, apply, apply_to_portfolio
from tickfolio.live.wire.codec import decode_server
from tickfolio.live.wire.messages import (
    ClientMessage,
    Hello,
    Refresh,
    ResumePoint,
    ServerMessage,
    Subscribe,
    Unsubscribe,
)
from tickfolio.live.wire.portfolio_messages import Event, PortfolioSnapshot
from tickfolio.live.wire.vocabulary import PORTFOLIO, QUOTES, Scope

SYMBOLS_A_REQUEST = 250
"""So that no request is longer than a message may be, however long the symbols are."""


class Conversation:
    """Everything that is watched, and the newest state of it; both outlive a connection."""

    def __init__(self) -> None:
        self.quotes = ScopeState()
        self._portfolios: dict[str, PortfolioState] = {}
        self._symbols: dict[str, None] = {}
        self._totals_only: dict[str, bool] = {}
        self._refreshing: set[Scope] = set()
        self._ledgers: dict[Scope, int] = {}
        """Of each portfolio, the last event that was heard: later ones are told again to who comes back."""
        self._last_id = 0

    @property
    def portfolios(self) -> Mapping[str, PortfolioState]:
        """By id, what is held of each portfolio that is watched."""
        return MappingProxyType(self._portfolios)

    # ---------- What the client says ----------

    def greeting(self) -> list[ClientMessage]:
        """The first messages of a connection: where the client stands, and all that it watches."""
        self._refreshing.clear()
        return [Hello(resume=self._positions()), *self._wishes(self._symbols, self._totals_only)]

    def subscribe(
        self, quotes: Iterable[str] = (), *, portfolios: Iterable[str] = (), totals_only: bool = False
    ) -> list[ClientMessage]:
        """Watches more from now on; the messages that say so where there is a connection."""
        symbols = dict.fromkeys(quotes)
        wanted = dict.fromkeys(portfolios, totals_only)
        self._symbols |= symbols
        self._totals_only |= wanted
        for portfolio in wanted:
            self._portfolios.setdefault(portfolio, PortfolioState(PORTFOLIO + portfolio))
        return list(self._wishes(symbols, wanted))

    def unsubscribe(self, quotes: Iterable[str] = (), *, portfolios: Iterable[str] = ()) -> list[ClientMessage]:
        """Watches less from now on; the messages that say so where there is a connection."""
        symbols, fewer = list(quotes), list(portfolios)
        for symbol in symbols:
            self._symbols.pop(symbol, None)
        for portfolio in fewer:
            self._totals_only.pop(portfolio, None)
            self._portfolios.pop(portfolio, None)
        messages: list[ClientMessage] = [
            Unsubscribe(id=self._next_id(), quotes=list(some)) for some in batched(symbols, SYMBOLS_A_REQUEST)
        ]
        if fewer:
            messages.append(Unsubscribe(id=self._next_id(), portfolios=fewer))
        return messages

    # ---------- What the server says ----------

    def heard(self, text: str | bytes) -> tuple[ServerMessage | None, list[ClientMessage]]:
        """The message in `text` and what is to be said to it; None where it is of a type that only newer clients know.

        Raises:
            msgspec.DecodeError: `text` is no message of the protocol.
        """
        message = _known(text)
        if message is None:
            return None, []
        if isinstance(message, PortfolioSnapshot | Event):
            self._ledgers[message.scope] = message.ledger
        self.quotes = apply(self.quotes, message)
        for portfolio, held in self._portfolios.items():
            self._portfolios[portfolio] = apply_to_portfolio(held, message)
        return message, list(self._refreshes())

    def _refreshes(self) -> Iterator[Refresh]:
        """A snapshot is asked for once of each scope in which something is missing, until it has come."""
        for scope, needs_refresh in self._needs():
            if not needs_refresh:
                self._refreshing.discard(scope)
            elif scope not in self._refreshing:
                self._refreshing.add(scope)
                yield Refresh(scope=scope)

    def _needs(self) -> Iterator[tuple[Scope, bool]]:
        yield QUOTES, self.quotes.needs_refresh
        for held in self._portfolios.values():
            yield held.scope, held.needs_refresh

    def _positions(self) -> dict[Scope, ResumePoint]:
        held = {QUOTES: self.quotes} | {state.scope: state for state in self._portfolios.values()}
        return {
            scope: ResumePoint(epoch=state.epoch, sequence=state.sequence, ledger=self._ledgers.get(scope))
            for scope, state in held.items()
            if state.epoch is not None and not state.needs_refresh
        }

    def _wishes(self, symbols: Iterable[str], portfolios: Mapping[str, bool]) -> Iterator[Subscribe]:
        for some in batched(symbols, SYMBOLS_A_REQUEST):
            yield Subscribe(id=self._next_id(), quotes=list(some))
        for totals_only in (False, True):
            if some_of_a_kind := [each for each, is_totals in portfolios.items() if is_totals is totals_only]:
                yield Subscribe(id=self._next_id(), portfolios=some_of_a_kind, totals_only=totals_only)

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


def _known(text: str | bytes) -> ServerMessage | None:
    try:
        return decode_server(text)
    except msgspec.ValidationError as error:
        # A server that is newer may say more: that is passed over, as the protocol asks.
        if "at `$.type`" not in str(error):
            raise
        return None
