"""Which feed serves an instrument: the first of its order that can, left when it fails and taken back when it is well again.

Pure: it is told what happened and when, and says where an instrument goes. A feed is left once it has been unusable for
`MOVE_ON`. A better one is taken back once it has proved itself without a break for `MOVE_BACK`, and for twice as long after
each return that failed, so that a feed that comes and goes does not take the instrument with it each time.

A feed that was left has nothing to stream, and a feed without symbols is never seen to fail or to heal. It is therefore given
a few **probes**, symbols that another feed serves meanwhile, whose prices from it are not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.disputes import Disputes
from tickfolio.feeds.statuses import CLOSED_MARKETS

MOVE_ON = timedelta(seconds=10)
MOVE_BACK = timedelta(seconds=60)
LONGEST_PROOF = timedelta(minutes=16)
STEADY = timedelta(hours=1)
"""A feed that stayed well for so long after an outage is trusted as at first."""
REFUSED_FOR = timedelta(hours=1)
"""For how long a feed is not asked for an instrument that it refused; twice as long after each further refusal."""
LONGEST_REFUSAL = timedelta(hours=8)
PROBES = 3
"""Several, because a single share may not be traded for minutes."""
_UNUSABLE = {FeedState.STALE, FeedState.RECONNECTING, FeedState.REJECTED, FeedState.STOPPED}


@dataclass(frozen=True, slots=True)
class Move:
    """An instrument goes from one feed to another; `old` is empty for the first one."""

    symbol: Symbol
    old: str
    new: str
    reason: str
    at: datetime


@dataclass(slots=True)
class _Health:
    """How a feed is: since when it has been usable or not.

    Attributes:
        healed_at: when its last outage ended that was long enough to leave it.
        proof: for how long it must be usable before it is taken back.
    """

    is_usable: bool
    since: datetime
    healed_at: datetime
    reason: str = ""
    proof: timedelta = MOVE_BACK

    def heal(self, at: datetime) -> None:
        """An outage ends. One that followed soon upon a return makes the next return harder."""
        if at - self.since < MOVE_ON:
            return
        stayed = self.since - self.healed_at
        if stayed >= STEADY:
            self.proof = MOVE_BACK
        elif stayed >= self.proof:
            self.proof = min(2 * self.proof, LONGEST_PROOF)
        self.healed_at = at


class FeedHealth:
    """What is known of every feed; shared by the routes of all instruments."""

    def __init__(self, names: Sequence[str], *, at: datetime) -> None:
        self._health = {name: _Health(is_usable=True, since=at, healed_at=at - STEADY) for name in names}

    def note(self, name: str, state: FeedState, message: str, *, at: datetime) -> None:
        """A feed's state changed.

        Connecting for the first time counts as usable: it is given the time to begin. One that failed is usable again with a
        price, or when it streams symbols whose markets are closed; that nobody asks it for anything heals nothing.
        """
        health = self._health[name]
        is_usable = state not in _UNUSABLE and (
            health.is_usable or state is FeedState.LIVE or (state is FeedState.QUIET and message == CLOSED_MARKETS)
        )
        if is_usable != health.is_usable:
            if is_usable:
                health.heal(at)
            health.is_usable, health.since = is_usable, at
        if state in _UNUSABLE:
            health.reason = f"{state.value}: {message}" if message else state.value

    def is_failing(self, name: str, at: datetime) -> str:
        """Why the feed should be left by now; empty where it should not."""
        health = self._health[name]
        return "" if health.is_usable or at - health.since < MOVE_ON else health.reason

    def is_well(self, name: str, at: datetime) -> bool:
        """Whether the feed may be taken back."""
        health = self._health[name]
        return health.is_usable and at - health.since >= health.proof

    def is_usable(self, name: str) -> bool:
        """Whether the feed can be used at this moment."""
        return self._health[name].is_usable

    def unproven(self, at: datetime) -> tuple[str, ...]:
        """The feeds that may not be taken back yet."""
        return tuple(name for name in self._health if not self.is_well(name, at))


@dataclass(frozen=True, slots=True)
class Room:
    """Which feeds have no room for one more symbol, and which of them serve more than they may."""

    full: Collection[str] = ()
    over: Collection[str] = ()


ROOM_EVERYWHERE = Room()


@dataclass(slots=True)
class Route:
    """The feeds of one instrument, the preferred first, and the one that serves it."""

    symbol: Symbol
    order: tuple[str, ...]
    current: str = ""
    mute: frozenset[str] = frozenset()
    """Those that answer no question about a price, and cannot be compared."""
    refused: dict[str, str] = field(default_factory=dict)
    """Why feeds will not serve this instrument for now."""
    _refused_until: dict[str, datetime] = field(default_factory=dict)
    _times_refused: Counter[str] = field(default_factory=Counter)
    _disputes: Disputes = field(default_factory=Disputes)
    _is_current_usable: bool = True

    def refuse(self, name: str, reason: str) -> None:
        """A feed will not serve it. It is asked anew after `REFUSED_FOR`: even a vendor's word that it knows none may be wrong."""
        self.refused[name] = reason

    def readmit(self, name: str) -> None:
        """A feed serves it again."""
        self.refused.pop(name, None)
        self._refused_until.pop(name, None)

    @property
    def opinions(self) -> list[str]:
        """The feeds that can be asked for a second opinion, beginning with the one that the next comparison is with."""
        return self._disputes.in_turn(self._askable)

    @property
    def _askable(self) -> list[str]:
        return [name for name in self.others if name not in self.refused and name not in self.mute]

    def compared(self, *, agrees: bool, at: datetime, other: str = "") -> None:
        """The serving feed was compared with `other`, or with the first of `opinions` where none is named.

        The last price of one that fails is old, and another feed's is rightly a different one. An answer that comes when its
        feed serves by then, or is no more to be asked, says nothing.
        """
        opinions = self.opinions
        named = other or next(iter(opinions), "")
        if named in opinions and self._is_current_usable:
            self._disputes.compared(self.current, named, self._askable, agrees=agrees, at=at)

    def decide(self, health: FeedHealth, *, at: datetime, room: Room = ROOM_EVERYWHERE) -> Move | None:
        """Where the instrument goes now; None where it stays."""
        self._end_refusals(at)
        self._is_current_usable = not self.current or health.is_usable(self.current)
        if self._is_current_usable:
            self._disputes.wait_no_longer(self.current, self._askable, at)
        willing = [name for name in self.order if self.may_be_served_by(name, at)]
        possible = [name for name in willing if health.is_usable(name)]
        roomy = [name for name in possible if name not in room.full]
        if not self.current:
            # Where only a full feed has it, or one that fails, its own report says so; its first price is shown.
            first = next(iter([*roomy, *possible, *willing]), None)
            return None if first is None else self._move(first, "it is the first that has it", at)
        why = self._reason_to_leave(health, at, room)
        if why:
            other = next((name for name in roomy if name != self.current), None)
            return None if other is None else self._move(other, why, at)
        better = [name for name in roomy if name in self.better and self._disputes.may_return(name, at)]
        back = next((name for name in better if health.is_well(name, at)), None)
        return None if back is None else self._move(back, f"{back} is well again", at)

    @property
    def better(self) -> tuple[str, ...]:
        """The feeds that would go before the one that serves it."""
        return self.order[: self.order.index(self.current)] if self.current in self.order else self.order

    @property
    def others(self) -> tuple[str, ...]:
        """The feeds of its order that do not serve it."""
        return tuple(name for name in self.order if name != self.current)

    def may_be_served_by(self, name: str, at: datetime) -> bool:
        """Whether a feed neither refuses the instrument nor was found to say wrong prices of it lately."""
        return name not in self.refused and self._disputes.may_serve(name, at)

    def _reason_to_leave(self, health: FeedHealth, at: datetime, room: Room) -> str:
        if self.current in self.refused:
            return f"{self.current} refuses it: {self.refused[self.current]}"
        if not self._disputes.may_serve(self.current, at):
            return self._disputes.reason
        if self.current in room.over:
            return f"{self.current} has no room for it"
        failing = health.is_failing(self.current, at)
        return f"{self.current} is {failing}" if failing else ""

    def _end_refusals(self, at: datetime) -> None:
        for name in tuple(self.refused):
            until = self._refused_until.get(name)
            if until is None:
                length = REFUSED_FOR * 2 ** min(self._times_refused[name], 10)
                self._refused_until[name] = at + min(length, LONGEST_REFUSAL)
                self._times_refused[name] += 1
            elif until <= at:
                self.readmit(name)

    def _move(self, new: str, reason: str, at: datetime) -> Move:
        move = Move(self.symbol, self.current, new, reason, at)
        self.current = new
        self._disputes.moved(new)
        return move


# ---------- All routes together ----------


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from the state of the feeds: the moves, and what each feed is to stream now, its probes included."""

    moves: tuple[Move, ...]
    wanted: Mapping[str, frozenset[Symbol]]


def plan(
    routes: Iterable[Route],
    health: FeedHealth,
    *,
    limits: Mapping[str, int | None],
    is_open: Callable[[Symbol], bool],
    at: datetime,
) -> Plan:
    """Decides every route of a wanted instrument.

    Args:
        limits: for every feed, how many symbols it streams at once; None for any number.
        is_open: whether a price of the symbol may be expected at `at`.
    """
    ordered = sorted(routes, key=lambda route: route.symbol)
    served = Counter(route.current for route in ordered)
    moves = []
    for route in ordered:
        move = route.decide(health, at=at, room=_room(served, limits))
        if move is not None:
            served[move.old] -= 1
            served[move.new] += 1
            moves.append(move)
    wanted = {name: {route.symbol for route in ordered if route.current == name} for name in limits}
    for name in health.unproven(at):
        if name in limits and not any(is_open(symbol) for symbol in wanted[name]):
            # One that failed must be seen to heal by whoever may need it; one that is well again only where it would be taken back.
            found = [
                route
                for route in ordered
                if route.may_be_served_by(name, at)
                and name in (route.better if health.is_usable(name) else route.others)
            ]
            wanted[name].update(_probes(found, is_open)[: _free(served[name], limits[name])])
    return Plan(tuple(moves), {name: frozenset(symbols) for name, symbols in wanted.items()})


def _room(served: Mapping[str, int], limits: Mapping[str, int | None]) -> Room:
    limited = {name: limit for name, limit in limits.items() if limit is not None}
    return Room(
        full={name for name, limit in limited.items() if served[name] >= limit},
        over={name for name, limit in limited.items() if served[name] > limit},
    )


def _free(served: int, limit: int | None) -> int:
    return PROBES if limit is None else max(0, min(PROBES, limit - served))


def _probes(routes: Sequence[Route], is_open: Callable[[Symbol], bool]) -> list[Symbol]:
    """The symbols by which a feed may show that it is well: of open markets first, since only they can bring a price."""
    return sorted((route.symbol for route in routes), key=lambda symbol: (not is_open(symbol), symbol))
