"""The simulated market at a moment: prices, halts, finished days and corporate actions. Pure, without any clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from tickfolio.domain.calendars import ExchangeCalendar, Session, days_between
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Publication, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.errors import OutsideCalendar
from tickfolio.feeds.simulated.calendars import FIRST_DAY
from tickfolio.feeds.simulated.config import SimulatedConfig
from tickfolio.feeds.simulated.days import Days
from tickfolio.feeds.simulated.draws import Draws
from tickfolio.feeds.simulated.instruments import INSTRUMENTS
from tickfolio.feeds.simulated.path import Path

NAV_AFTER_CLOSE = timedelta(hours=2)
"""When after the close the value of a fund that is priced once a day is told."""
FREEZE = timedelta(minutes=5)
_MILLISECOND = timedelta(milliseconds=1)
_HALT_LEAST, _HALT_MORE = 5, 15  # minutes
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Priced:
    """The latest price of an instrument, in its quote unit.

    Attributes:
        made_at: when it was made, UTC; at most the moment that was asked for.
        is_moving: its market is open and its trading not halted.
    """

    price: Decimal
    made_at: datetime
    previous_close: Decimal | None
    session: MarketSession
    is_moving: bool


class SimulatedMarket:
    """All invented instruments, with the sessions that `calendar_of` gives them."""

    def __init__(self, config: SimulatedConfig, *, calendar_of: Callable[[Instrument], ExchangeCalendar]) -> None:
        self._config = config
        # All of them now: an exchange without a calendar is to be noticed at the start.
        self._calendars = {symbol: calendar_of(one.instrument) for symbol, one in INSTRUMENTS.items()}
        self._days = {symbol: Days(simulated, config) for symbol, simulated in INSTRUMENTS.items()}
        self._draws = {symbol: Draws(config.seed, symbol, "path") for symbol in INSTRUMENTS}
        self._halts = {symbol: Draws(config.seed, symbol, "halt") for symbol in INSTRUMENTS}
        self._freezes = Draws(config.seed, "freeze")
        self._path = lru_cache(maxsize=256)(self._new_path)

    def is_open(self, symbol: Symbol, at: datetime) -> bool:
        """Whether its exchange is open at `at`, so that prices may be expected; never so of what is priced once a day."""
        is_traded = INSTRUMENTS[symbol].instrument.publication is Publication.TICK
        return is_traded and self._calendars[symbol].is_open(at)

    def is_frozen(self, at: datetime) -> bool:
        """Whether the stream says nothing at `at`, though it should."""
        every = self._config.freeze_hours
        hour, second = divmod(int(at.timestamp()), _HOUR)
        if not every or self._freezes.below(every, 2 * hour):
            return False
        start = self._freezes.below(_HOUR - int(FREEZE.total_seconds()), 2 * hour + 1)
        return start <= second < start + FREEZE.total_seconds()

    def priced(self, symbol: Symbol, at: datetime) -> Priced | None:
        """The latest price at `at`; None before anything was simulated."""
        instrument = INSTRUMENTS[symbol].instrument
        calendar = self._calendars[symbol]
        if instrument.publication is Publication.DAILY:
            return self._valued(symbol, calendar, at)
        try:
            session = calendar.current_session(at)
        except OutsideCalendar:
            return None
        length = (session.closes_at - session.opens_at) // _MILLISECOND
        elapsed, is_moving = self._elapsed(symbol, session, at)
        micros = self._path(symbol, session.day, length).at(elapsed)
        phase = MarketSession.REGULAR if calendar.session_at(at) is session else MarketSession.CLOSED
        return Priced(
            price=self._price(instrument, micros),
            made_at=session.opens_at + elapsed * _MILLISECOND,
            previous_close=self._close_before(symbol, calendar, session),
            session=MarketSession.CONTINUOUS if calendar.is_continuous else phase,
            is_moving=is_moving and at < session.closes_at,
        )

    def bars(self, symbol: Symbol, first: date, last: date, *, at: datetime) -> tuple[DailyBar, ...]:
        """The days from `first` to `last` that are finished at `at`, as paid on the day."""
        calendar = self._calendars[symbol]
        local = at.astimezone(calendar.zone).date()
        sessions = (calendar.session_on(day) for day in days_between(max(first, FIRST_DAY), min(last, local)))
        return tuple(
            self._bar(symbol, session.day)
            for session in sessions
            if session is not None and self._told_at(symbol, session) <= at
        )

    def actions(self, symbol: Symbol, first: date, last: date, *, at: datetime) -> tuple[CorporateAction, ...]:
        """Splits and dividends with an ex-date from `first` to `last` that has come by `at`, oldest first."""
        days = self._days[symbol]
        first = max(first, FIRST_DAY)
        last = min(last, at.astimezone(self._calendars[symbol].zone).date())
        if first > last:
            return ()
        return tuple(
            sorted((*days.splits(first, last), *days.dividends(first, last)), key=lambda action: action.ex_date)
        )

    # ---------- Inside ----------

    def _elapsed(self, symbol: Symbol, session: Session, at: datetime) -> tuple[int, bool]:
        """Milliseconds of the session until the latest price, and whether it moves on."""
        now = min(at, session.closes_at)
        for start, end in (*session.breaks, *self._halts_of(symbol, session)):
            if start < now < end:
                return (start - session.opens_at) // _MILLISECOND, False
        tick = self._config.tick
        whole = (now - session.opens_at) // tick * tick if now < session.closes_at else now - session.opens_at
        return whole // _MILLISECOND, True

    def _halts_of(self, symbol: Symbol, session: Session) -> tuple[tuple[datetime, datetime], ...]:
        every, draws, at = self._config.halt_days, self._halts[symbol], session.day.toordinal()
        if not every or INSTRUMENTS[symbol].is_continuous or draws.below(every, 4 * at):
            return ()
        length = session.closes_at - session.opens_at
        start = session.opens_at + length * (10 + draws.below(60, 4 * at + 1)) // 100
        return ((start, start + timedelta(minutes=_HALT_LEAST + draws.below(_HALT_MORE + 1, 4 * at + 2))),)

    def _valued(self, symbol: Symbol, calendar: ExchangeCalendar, at: datetime) -> Priced | None:
        """The latest value that was told of what is priced once a day."""
        try:
            session = calendar.current_session(at - NAV_AFTER_CLOSE)
        except OutsideCalendar:
            return None
        if session.closes_at + NAV_AFTER_CLOSE > at:
            before = calendar.previous_session(session)
            if before is None:
                return None
            session = before
        return Priced(
            price=self._price(INSTRUMENTS[symbol].instrument, self._days[symbol].on(session.day).close),
            made_at=session.closes_at + NAV_AFTER_CLOSE,
            previous_close=self._close_before(symbol, calendar, session),
            session=MarketSession.CLOSED,
            is_moving=False,
        )

    def _told_at(self, symbol: Symbol, session: Session) -> datetime:
        is_daily = INSTRUMENTS[symbol].instrument.publication is Publication.DAILY
        return session.closes_at + (NAV_AFTER_CLOSE if is_daily else timedelta(0))

    def _close_before(self, symbol: Symbol, calendar: ExchangeCalendar, session: Session) -> Decimal | None:
        before = calendar.previous_session(session)
        if before is None or before.day < FIRST_DAY:
            return None
        micros = self._days[symbol].close(before.day, basis=session.day)
        return self._price(INSTRUMENTS[symbol].instrument, micros)

    def _bar(self, symbol: Symbol, day: date) -> DailyBar:
        instrument, made = INSTRUMENTS[symbol].instrument, self._days[symbol].on(day)
        close = self._price(instrument, made.close)
        if instrument.publication is Publication.DAILY:
            return DailyBar(day, close)
        opened, high, low = (self._price(instrument, micros) for micros in (made.open, made.high, made.low))
        return DailyBar(day, close, opened, high, low, Decimal(made.volume))

    def _new_path(self, symbol: Symbol, day: date, length: int) -> Path:
        places = INSTRUMENTS[symbol].instrument.price_places
        return Path(
            self._days[symbol].on(day),
            draws=self._draws[symbol],
            place=day.toordinal(),
            length=length,
            grain=10 ** (6 - places),
        )

    @staticmethod
    def _price(instrument: Instrument, micros: int) -> Decimal:
        return Decimal(micros // 10 ** (6 - instrument.price_places)).scaleb(-instrument.price_places)
