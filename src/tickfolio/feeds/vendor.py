"""What the feeds of vendors share: a supervised stream and hosts to ask, behind the one interface."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import FeedError, FeedRejected, FeedUnavailable
from tickfolio.feeds.feed import Capabilities, DayRates, FeedQuote, FeedReport, History, Operation, Snapshot
from tickfolio.feeds.http import LONGEST_WAIT, HttpTransport, HttpxTransport, VendorHttp
from tickfolio.feeds.rate_limit import Budget, GateState, HostGate
from tickfolio.feeds.real_time import RealTime, SystemTime
from tickfolio.feeds.sockets import Connector, open_socket
from tickfolio.feeds.stream import StreamCodec, StreamSettings
from tickfolio.feeds.supervisor import SupervisedStream


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a feed is given from outside, so that tests can give something else.

    Attributes:
        gates: what was kept of the budgets at the last run, by host.
        calendar_of: the sessions of an instrument, for a market that makes its own; None for plain weekday hours.
    """

    real_time: RealTime = field(default_factory=SystemTime)
    connect: Connector = open_socket
    new_transport: Callable[[], HttpTransport] = HttpxTransport
    draw: random.Random = field(default_factory=random.Random)
    gates: Mapping[str, GateState] = field(default_factory=dict)
    calendar_of: Callable[[Instrument], ExchangeCalendar] | None = None


class VendorFeed:
    """A `Feed` of which a vendor overrides the questions that it can answer; the others are refused."""

    def __init__(self, *, name: str, capabilities: Capabilities, surroundings: Surroundings) -> None:
        self.name = name
        self.capabilities = capabilities
        self.surroundings = surroundings
        self._began_at = surroundings.real_time.utc_now()
        self._stream: SupervisedStream | None = None
        self._hosts: list[VendorHttp] = []

    # ---------- Setting up, by the vendor ----------

    def use_stream(self, settings: StreamSettings, new_codec: Callable[[], StreamCodec]) -> None:
        """Gives the feed its stream; new symbols are priced by `snapshot` where the vendor offers it."""
        around = self.surroundings
        self._stream = SupervisedStream(
            name=self.name,
            settings=settings,
            new_codec=new_codec,
            connect=around.connect,
            real_time=around.real_time,
            draw=around.draw,
            take_snapshot=self.snapshot if self.capabilities.can(Operation.SNAPSHOT) else None,
        )

    def use_host(self, url: str, *, budget: Budget, headers: Mapping[str, str] | None = None) -> VendorHttp:
        """Gives the feed a host to ask, within `budget`."""
        around = self.surroundings
        host = VendorHttp(
            url,
            transport=around.new_transport(),
            gate=HostGate(budget, at=around.real_time.utc_now()),
            real_time=around.real_time,
            headers=headers,
        )
        kept = around.gates.get(host.host)
        if kept is not None:
            host.gate = HostGate(budget, at=around.real_time.utc_now(), state=kept)
        self._hosts.append(host)
        return host

    # ---------- The stream ----------

    def expect_data(self, judge: Callable[[frozenset[Symbol]], bool]) -> None:
        """Lets `judge` say whether a market of one of the symbols is open now."""
        if self._stream is not None:
            self._stream.expects_data = judge

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares the whole set."""
        if self._stream is not None:
            self._stream.want(symbols)

    async def quotes(self) -> AsyncIterator[FeedQuote]:
        """Prices as they come; none of a feed without a stream."""
        if self._stream is not None:
            async for quote in self._stream.quotes():
                yield quote

    async def statuses(self) -> AsyncIterator[FeedStatus]:
        """The stream's states; the one of a feed without a stream."""
        if self._stream is None:
            yield FeedStatus(self.name, FeedState.QUIET, self._began_at, "it has no stream")
            return
        async for status in self._stream.statuses():
            yield status

    def report(self) -> FeedReport:
        """How it does now."""
        now = self.surroundings.real_time.utc_now()
        report = (
            FeedReport(name=self.name, state=FeedState.QUIET, since=self._began_at, message="it has no stream")
            if self._stream is None
            else self._stream.report()
        )
        failures = [host.failure for host in self._hosts if host.failure is not None]
        if self._stream is None and failures:
            # Of a feed without a stream nothing else would tell that it does not answer.
            last = max(failures, key=lambda failure: failure.at)
            report = replace(report, state=FeedState.RECONNECTING, since=last.at, message=last.reason)
        if self._stream is None:
            report = replace(report, errors=sum(host.failures for host in self._hosts))
        paused = {host.host: host.gate.paused_until(now) for host in self._hosts}
        return replace(
            report,
            budget={host.host: host.gate.available(now) for host in self._hosts},
            paused_until={name: until for name, until in paused.items() if until is not None},
        )

    def gates(self) -> dict[str, GateState]:
        """What is to be kept of the budgets, by host."""
        return {host.host: host.gate.state() for host in self._hosts}

    async def stop(self) -> None:
        """Ends the stream and closes connections."""
        if self._stream is not None:
            await self._stream.stop()
        for host in self._hosts:
            await host.close()

    # ---------- Questions ----------

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """Refused, unless the vendor answers it."""
        raise self._not_offered(Operation.SNAPSHOT)

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """Refused, unless the vendor answers it."""
        raise self._not_offered(Operation.INSTRUMENT)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """Refused, unless the vendor answers it."""
        raise self._not_offered(Operation.SEARCH)

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        """Refused, unless the vendor answers it."""
        raise self._not_offered(Operation.HISTORY)

    async def rates(self, *, first: date, last: date) -> tuple[DayRates, ...]:
        """Refused, unless the vendor answers it."""
        raise self._not_offered(Operation.EXCHANGE_RATES)

    def _not_offered(self, operation: Operation) -> FeedRejected:
        return FeedRejected(f"{self.name} offers no {operation.value}.")


def batches(symbols: Sequence[Symbol], *, size: int) -> list[Sequence[Symbol]]:
    """`symbols` in parts of at most `size`, in order.

    >>> batches(["A", "B", "C"], size=2)
    [['A', 'B'], ['C']]
    """
    return [symbols[start : start + size] for start in range(0, len(symbols), size)]


async def snapshot_one_by_one(
    symbols: Iterable[Symbol], latest: Callable[[Symbol], Awaitable[FeedQuote | None]], *, unknown: str
) -> Snapshot:
    """The latest price of each symbol by a question of its own: one that fails holds up none of the others.

    Args:
        latest: asks for one; None where the vendor does not know the symbol.
        unknown: why such a symbol is refused.

    Raises:
        FeedError: nothing was answered; what the first question failed with.
    """
    quotes: list[FeedQuote] = []
    refused: dict[Symbol, str] = {}
    failed: set[Symbol] = set()
    error: FeedError | None = None
    for symbol in sorted(symbols):
        if isinstance(error, FeedUnavailable) and (error.retry_after or 0) > LONGEST_WAIT.total_seconds():
            failed.add(symbol)  # the host wants to be left alone
            continue
        try:
            quote = await latest(symbol)
        except FeedError as one:
            error = error or one
            failed.add(symbol)
            continue
        if quote is None:
            refused[symbol] = unknown
        else:
            quotes.append(quote)
    if error is not None and not quotes and not refused:
        raise error
    return Snapshot(tuple(quotes), refused, frozenset(failed))


def moment_now(surroundings: Surroundings) -> datetime:
    """The real moment, UTC."""
    return surroundings.real_time.utc_now()
