"""The connection between a page and the server: late, narrow, cut, half-open, and worse than any real one where it is told to be."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from tests.simulation.clockwork import VirtualLoop
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import PORTFOLIO

ROOM = 4_000
"""How many bytes wait for a client that reads slowly: few, so that it often comes to that."""
PING_SECONDS = 30.0
"""After which a server notices that a client is gone which never said so."""
_CONFLATED = (b'{"type":"delta"', b'{"type":"portfolio_delta"', b'{"type":"status"')
"""What may be lost, doubled and mixed up: who reads it must notice. All else asks for an answer, as TCP does."""


@dataclass(slots=True)
class Weather:
    """How one page's network is.

    Attributes:
        bytes_per_second: how fast it takes frames; None for at once.
        is_dark: nothing passes, and nobody is told.
    """

    loss: float = 0.0
    doubling: float = 0.0
    mixing: float = 0.0
    bytes_per_second: float | None = None
    is_dark: bool = False


class Head(msgspec.Struct):
    """What a frame is."""

    type: str = ""
    scope: str | None = None
    epoch: str = ""
    sequence: int = 0
    since: int | None = None


_heads = msgspec.json.Decoder(Head)


class Witness:
    """Sees all that a server hands to one connection, and says what must not be."""

    def __init__(self, *, may_be_told: Callable[[str | None], str | None], complain: Callable[[str], None]) -> None:
        self._may_be_told = may_be_told
        self._complain = complain
        self._stands: dict[str, tuple[str, int]] = {}

    def sees(self, payload: bytes) -> None:
        """A frame is handed over."""
        head = _heads.decode(payload)
        scope = head.scope or ""
        portfolio = scope.removeprefix(PORTFOLIO) if scope.startswith(PORTFOLIO) else None
        if head.type not in ("bye", "error") and (reason := self._may_be_told(portfolio)):
            self._complain(f"a {head.type} of {scope or 'the instance'} was sent {reason}")
        if head.type in ("snapshot", "portfolio_snapshot"):
            self._stands[scope] = head.epoch, head.sequence
        elif head.type in ("delta", "portfolio_delta"):
            self._sees_delta(head, scope)

    def _sees_delta(self, head: Head, scope: str) -> None:
        held = self._stands.get(scope)
        if head.since is None and held != (head.epoch, head.sequence - 1):
            self._complain(f"frame {head.sequence} of {head.epoch} in {scope} was sent to one who stands at {held}")
        self._stands[scope] = head.epoch, head.sequence


class Line:
    """One connection. The server writes into it as into a transport; what arrives, the page hears."""

    def __init__(
        self,
        loop: VirtualLoop,
        draw: random.Random,
        weather: Weather,
        *,
        witness: Witness | None,
        see: Callable[[str], None],
        on_frames: Callable[[Line, Sequence[bytes]], None],
        on_end: Callable[[Line], None],
    ) -> None:
        self._loop = loop
        self._draw = draw
        self._weather = weather
        self._witness = witness
        self._see = see
        self._on_frames = on_frames
        self._on_end = on_end
        self._on_text: Callable[[str], None] | None = None
        self._unread: list[str] = []
        self.on_gone: Callable[[], None] = lambda: None
        """What the server does when it learns that the client is gone."""
        self.is_dead = weather.is_dark
        """Half-open: nothing passes any more, and neither side is told."""
        self.is_over = False
        """Whether the page knows that it is."""
        self.is_gone = False
        """Whether the server knows that it is."""
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._is_draining = False
        self._closes = False
        self._down_at = 0.0
        self._up_at = 0.0
        if self.is_dead:
            loop.call_later(PING_SECONDS, self._server_learns)

    # ---------- The server's side: an outlet ----------

    def write(self, frames: Sequence[Frame]) -> bool:
        if self.is_gone:
            return True
        if self._waiting > ROOM:
            self._see("a frame was refused")
            return False
        payloads = [frame.payload for frame in frames]
        if self._witness is not None:
            for payload in payloads:
                self._witness.sees(payload)
        if self.is_dead or self._queue or self._weather.bytes_per_second is not None:
            self._queue.extend(payloads)
            self._waiting += sum(map(len, payloads))
            self._drain()
        else:
            self._travel(payloads)
        return True

    def waiting_bytes(self) -> int:
        return self._waiting

    def close(self, _code: int, reason: str) -> None:
        self._see(f"a connection was closed: {reason}")
        self._closes = True
        if not self._queue:
            self._loop.call_later(0.05, self.cut)
        # A client that reads nothing is not waited for.
        self._loop.call_later(5.0, self._aborted)

    def abort(self) -> None:
        self._see("a connection was aborted")
        self._loop.call_soon(self._aborted)

    def is_served(self, on_text: Callable[[str], None]) -> None:
        """The server reads from now on, what has come already first."""
        self._on_text = on_text
        for text in self._unread:
            on_text(text)
        self._unread.clear()

    # ---------- The client's side ----------

    def say(self, text: str) -> None:
        """The page says something."""
        if not self.is_dead and not self.is_over:
            self._up_at = max(self._loop.time() + self._draw.uniform(0.002, 0.08), self._up_at + 0.00001)
            self._loop.call_at(self._up_at, self._arrives_above, text)

    # ---------- What befalls it ----------

    def die(self) -> None:
        """It is half-open from now on; the server learns it in the end."""
        if not self.is_dead and not self.is_over:
            self.is_dead = True
            self._loop.call_later(PING_SECONDS, self._server_learns)

    def cut(self) -> None:
        """It breaks: both sides learn it, those whom the news reaches."""
        if self.is_over:
            return
        self._loop.call_later(self._draw.uniform(0.001, 0.1), self._server_learns)
        if not self.is_dead:
            self.is_over = True
            self._loop.call_later(self._draw.uniform(0.001, 0.1), self._on_end, self)

    def leave(self) -> None:
        """The page is closed, or lets go of a connection that it takes for dead."""
        self.is_over = True
        if not self.is_dead:
            self._loop.call_later(self._draw.uniform(0.001, 0.1), self._server_learns)

    # ---------- Inside ----------

    def _aborted(self) -> None:
        """The server lets go; the page learns it where the news reaches it."""
        self._server_learns()
        self.cut()

    def _server_learns(self) -> None:
        if not self.is_gone:
            self.is_gone = True
            self._queue.clear()
            self.on_gone()

    def _arrives_above(self, text: str) -> None:
        if self.is_dead or self.is_gone:
            return
        if self._on_text is None:
            self._unread.append(text)
        else:
            self._on_text(text)

    def _drain(self) -> None:
        if not self._is_draining and self._queue and not self.is_dead:
            self._is_draining = True
            pace = self._weather.bytes_per_second
            self._loop.call_later(0.0005 if pace is None else len(self._queue[0]) / pace, self._drained)

    def _drained(self) -> None:
        self._is_draining = False
        if self.is_dead or not self._queue:
            return
        payload = self._queue.popleft()
        self._waiting -= len(payload)
        self._travel([payload])
        if self._closes and not self._queue:
            self._loop.call_later(0.05, self.cut)
        self._drain()

    def _travel(self, payloads: Sequence[bytes]) -> None:
        """On the way: it takes a while, and in bad weather frames get lost, come twice, or later than those after them."""
        weather, draw = self._weather, self._draw
        if weather.loss or weather.doubling or weather.mixing:
            payloads = [payload for payload in payloads if not self._strays(payload)]
        if payloads:
            self._down_at = max(self._loop.time() + draw.uniform(0.002, 0.08), self._down_at + 0.00001)
            self._loop.call_at(self._down_at, self._arrives_below, payloads)

    def _strays(self, payload: bytes) -> bool:
        """Whether a frame does not come in its order; one that is doubled does, and again later."""
        if not payload.startswith(_CONFLATED):
            return False
        fate, weather = self._draw.random(), self._weather
        if fate < weather.loss:
            return True
        if fate < weather.loss + weather.mixing + weather.doubling:
            self._loop.call_later(self._draw.uniform(0.05, 0.9), self._arrives_below, [payload])
        return weather.loss <= fate < weather.loss + weather.mixing

    def _arrives_below(self, payloads: Sequence[bytes]) -> None:
        if not self.is_dead and not self.is_over:
            self._on_frames(self, payloads)
