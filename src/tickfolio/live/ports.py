"""What the engine asks of the outside. `runtime` and `gateway` implement it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import EventKind

FRAME_WRITER = "tickfolio.frame_writer"
"""The name under which a server offers its frame writer in the ASGI scope's extensions."""

MAX_WAITING_BYTES = 64 * 1024
"""How much may wait for a client that reads slowly before an outlet takes no more."""


class MarketClock(Protocol):
    """The market's time."""

    def now(self) -> datetime:
        """The moment of the market, in UTC."""
        ...


class RealClock(Protocol):
    """The wall clock and a monotonic one."""

    def now(self) -> datetime:
        """The real moment, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        ...


class Outlet(Protocol):
    """The way out to one socket. Nothing here ever waits for the client."""

    def write(self, frames: Sequence[Frame]) -> bool:
        """Hands over frames to be sent in order; False when the client is too far behind, and then nothing was taken."""
        ...

    def waiting_bytes(self) -> int:
        """Bytes handed over and not yet taken by the network."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Sends a close frame after what was written."""
        ...

    def abort(self) -> None:
        """Cuts the connection at once."""
        ...


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """Something that was booked in a portfolio, with its number in the portfolio's sequence."""

    sequence: int
    kind: EventKind
    transaction: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What tells whether a portfolio that was read is still the one that there is.

    Attributes:
        head: the sequence of its newest entry.
        zone: the owner's time zone, which is no entry of the ledger and decides when the report day begins.
        actions: the newest corporate action that is recorded, which is no entry of the ledger either.
    """

    head: int
    zone: str
    actions: int = 0


@dataclass(frozen=True, slots=True)
class LoadedPortfolio:
    """A portfolio as it was read.

    Attributes:
        standing: what `live` rests on.
        live: folded up to the market's moment of then.
        symbols: all that it needs quotes of, also those of transactions that the market has not reached yet.
        rates: the exchange rates to value it with.
        events: what was booked after the head that was known before, oldest first.
    """

    id: str
    standing: Standing
    live: LivePortfolio
    symbols: frozenset[Symbol]
    rates: RateTable
    events: tuple[LedgerEvent, ...] = ()


class InstrumentSource(Protocol):
    """Where unknown symbols are asked for. Nothing here waits: the answer comes to the hub, some time later."""

    def seek(self, symbol: Symbol) -> None:
        """Asks what `symbol` is; ends in the hub's `instrument_answered`."""
        ...


class PortfolioSource(Protocol):
    """Where portfolios and rights come from. Nothing here waits: the answer comes to the hub, some time later."""

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        """Reads a portfolio; ends in the desk's `loaded`, `gone` or `failed`.

        Args:
            spare: an earlier one that nobody uses any more: renewing it costs less than folding the whole ledger.
        """
        ...

    def check_rights(self, user: int) -> None:
        """Reads what a person may watch; ends in the hub's `rights_read`, unless nothing can be read now."""
        ...

    def attempt(self, portfolio: str, work: Callable[[], None]) -> bool:
        """Does `work` on a portfolio; False after an error that nobody foresaw, which is noted and must not stop the beat."""
        ...
