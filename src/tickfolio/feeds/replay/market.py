"""What the replayed market is at a moment: ticks, bars and corporate actions as functions of the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import BAR_LENGTH, Bar
from tickfolio.domain.market.quotes import MarketSession, Tick
from tickfolio.feeds.replay.history import ShareHistory
from tickfolio.feeds.replay.path import SessionPath, session_path

SOURCE = "replay"
BAR_SAMPLE_S = 10
_SECOND = timedelta(seconds=1)
_BAR_S = BAR_LENGTH // _SECOND


class ReplayMarket:
    """The market of one seed: the same moment always gives the same prices."""

    def __init__(self, *, seed: int, calendar: ExchangeCalendar, histories: Mapping[Symbol, ShareHistory]) -> None:
        self.calendar = calendar
        self._seed = seed
        self._histories = dict(histories)

    def instruments(self) -> tuple[Instrument, ...]:
        """All shares of the replay, by symbol, those included that are not yet listed."""
        return tuple(self._histories[symbol].instrument for symbol in sorted(self._histories))

    def actions_on(self, day: date) -> tuple[CorporateAction, ...]:
        """The splits and dividends of all shares whose ex-date is `day`."""
        return tuple(action for history in self._histories.values() for action in history.actions_on(day))

    def actions_before(self, day: date) -> tuple[CorporateAction, ...]:
        """Those of all shares whose ex-date is before `day`."""
        return tuple(
            action for history in self._histories.values() for action in history.actions if action.ex_date < day
        )

    def tick(self, symbol: Symbol, at: datetime, *, received: datetime) -> Tick | None:
        """The tick of `symbol` at `at`, or None where the share is unknown or not yet listed.

        In a session the price is of the whole second that `at` falls in, and `at` is its source time.
        From the close on it is the official close, made when the session closed.
        """
        session = self.calendar.current_session(at)
        path = self._path(symbol, session)
        if path is None:
            return None
        runs = at < session.closes_at
        return Tick(
            symbol=symbol,
            price=path.price(_second_of(session, at)),
            previous_close=self._histories[symbol].previous_close(session.day),
            session_day=session.day,
            session=MarketSession.REGULAR if runs else MarketSession.CLOSED,
            source_time=min(at, session.closes_at),
            received_time=received,
            source=SOURCE,
        )

    def extremes(self, symbol: Symbol, *, after: datetime, until: datetime) -> tuple[datetime, ...]:
        """When the day's high and low are touched between two moments of one session, both excluded, in order."""
        session = self.calendar.current_session(until)
        path = self._path(symbol, session)
        if path is None:
            return ()
        moments = (session.opens_at + waypoint.second * _SECOND for waypoint in path.waypoints)
        return tuple(moment for moment in moments if max(after, session.opens_at) < moment < until)

    def bars(self, symbol: Symbol, at: datetime) -> tuple[Bar, ...]:
        """One-minute bars of the current session up to `at`, of a price every 10 seconds and the day's extremes.

        The close, made in the session's last second, is a bar of its own minute, as it is for whoever makes bars
        of ticks.
        """
        session = self.calendar.current_session(at)
        path = self._path(symbol, session)
        if path is None:
            return ()
        last = _second_of(session, at)
        known = {waypoint.second for waypoint in path.waypoints if waypoint.second <= last}
        seconds = sorted({*range(0, last + 1, BAR_SAMPLE_S), *known, last})
        minutes: dict[int, list[Decimal]] = {}
        for second, price in zip(seconds, path.prices(seconds), strict=True):
            minutes.setdefault(second // _BAR_S, []).append(price)
        return tuple(_bar(symbol, session, minute, prices) for minute, prices in minutes.items())

    def _path(self, symbol: Symbol, session: Session) -> SessionPath | None:
        history = self._histories.get(symbol)
        bar = history.on(session.day) if history else None
        if history is None or bar is None:
            return None
        return session_path(
            seed=self._seed,
            symbol=symbol,
            bar=bar,
            length=(session.closes_at - session.opens_at) // _SECOND,
            price_places=history.instrument.price_places,
        )


def _second_of(session: Session, at: datetime) -> int:
    """Whole seconds from the open to `at`, or to the close where that is earlier."""
    return (min(at, session.closes_at) - session.opens_at) // _SECOND


def _bar(symbol: Symbol, session: Session, minute: int, prices: Iterable[Decimal]) -> Bar:
    inside = list(prices)
    return Bar(
        symbol=symbol,
        session_day=session.day,
        starts_at=session.opens_at + minute * BAR_LENGTH,
        open=inside[0],
        high=max(inside),
        low=min(inside),
        close=inside[-1],
    )
