"""A small made-up market that the tests of the engine share: two shares on an exchange that is open all Monday."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.domain.market.staleness import Cadence
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.live.engine import Engine
from tickfolio.live.facts import Instance
from tickfolio.live.pacer import Beat
from tickfolio.live.ports import PortfolioSource
from tickfolio.live.wire.framing import Frame

MONDAY = date(2012, 5, 21)
TUESDAY = date(2012, 5, 22)
OPEN = datetime(2012, 5, 21, 13, 30, tzinfo=UTC)
CLOSE = datetime(2012, 5, 21, 20, 0, tzinfo=UTC)
REAL_NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
AAPL, IBM = Symbol("AAPL"), Symbol("IBM")
CADENCE = Cadence(tick_interval=timedelta(seconds=7))


def calendar() -> ExchangeCalendar:
    """Two sessions, Monday and Tuesday."""
    day = timedelta(days=1)
    sessions = [
        Session(day=MONDAY, opens_at=OPEN, closes_at=CLOSE),
        Session(day=TUESDAY, opens_at=OPEN + day, closes_at=CLOSE + day),
    ]
    return ExchangeCalendar(mic="XNYS", zone=ZoneInfo("America/New_York"), sessions=sessions)


def instrument(symbol: Symbol = AAPL) -> Instrument:
    """A share quoted in cents of a dollar."""
    return Instrument(symbol=symbol, name=f"{symbol} Inc.", mic="XNYS", currency=Currency("USD"))


def tick(
    price: str,
    *,
    symbol: Symbol = AAPL,
    at: datetime = OPEN,
    previous_close: str | None = "500.00",
    session: MarketSession = MarketSession.REGULAR,
    session_day: date = MONDAY,
) -> Tick:
    """A tick of the replay."""
    return Tick(
        symbol=symbol,
        price=Decimal(price),
        previous_close=None if previous_close is None else Decimal(previous_close),
        session_day=session_day,
        session=session,
        source_time=at,
        received_time=REAL_NOW,
        source="replay",
    )


class SetClock:
    """A market clock and a real one that stand where the test puts them."""

    def __init__(self) -> None:
        self.market = OPEN
        self.real = REAL_NOW
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.real

    def monotonic(self) -> float:
        return self.seconds

    def pass_seconds(self, seconds: float) -> None:
        """Both real clocks move; the market's stays."""
        self.seconds += seconds
        self.real += timedelta(seconds=seconds)


class MarketTime:
    """The market's side of a `SetClock`."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.market


class RecordingOutlet:
    """An outlet into a list, which refuses as a full transport does."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.writes = 0
        self.is_full = False
        self.waiting = 0
        self.closed_with: tuple[int, str] | None = None
        self.is_aborted = False

    def write(self, frames: Sequence[Frame]) -> bool:
        if self.is_full:
            return False
        self.writes += 1
        self.payloads.extend(frame.payload for frame in frames)
        return True

    def waiting_bytes(self) -> int:
        return self.waiting

    def close(self, code: int, reason: str) -> None:
        self.closed_with = (code, reason)

    def abort(self) -> None:
        self.is_aborted = True

    def take(self) -> list[bytes]:
        """What came since the last call."""
        taken, self.payloads = self.payloads, []
        return taken


class NoPortfolios:
    """The source of a market in which nobody has a portfolio."""

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        raise AssertionError(f"Expected no portfolio to be read, was {portfolio} after {known_head}, with {spare}.")

    def check_rights(self, user: int) -> None:
        raise AssertionError(f"Expected nobody to have signed in, was {user}.")

    def attempt(self, portfolio: str, work: Callable[[], None]) -> bool:
        raise AssertionError(f"Expected no portfolio to be valued, was {portfolio}: {work}.")


def engine(clock: SetClock, *symbols: Symbol, source: PortfolioSource | None = None, lists_all: bool = True) -> Engine:
    """An engine of the given shares, AAPL and IBM by default."""
    return Engine(
        instruments=tuple(instrument(symbol) for symbol in symbols or (AAPL, IBM)),
        calendar_of=lambda _instrument: calendar(),
        cadence=CADENCE,
        market_clock=MarketTime(clock),
        clock=clock,
        source=NoPortfolios() if source is None else source,
        instance=Instance(epoch="epoch-1", build="build-1", is_replay=True, lists_all=lists_all),
    )


def beat(number: int = 1) -> Beat:
    """A beat that serves hidden tabs and does the housekeeping as the pacer's would."""
    return Beat(number=number, includes_hidden=number % 8 == 0, is_housekeeping=number % 4 == 0)
