"""Symbols that sockets ask for and nobody here knows yet: the feeds are asked once, and the sockets wait for the answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from tickfolio.domain.instruments import Symbol
from tickfolio.live.allowance import Allowances, Asker
from tickfolio.live.connection import Connection
from tickfolio.live.ports import InstrumentSource
from tickfolio.live.session import SymbolRefusal
from tickfolio.live.wire.vocabulary import ErrorCode

MOST_SOUGHT = 50
"""So many symbols are asked for at a time; further ones are refused for now."""
MOST_WAITING = 40
"""So many messages of one socket wait behind the one whose symbols are being asked for."""
REMEMBERED_SECONDS: dict[ErrorCode, float] = {"unknown_symbol": 60.0, "feed_unavailable": 5.0}
MOST_REMEMBERED = 10_000


class InstrumentDesk:
    """Without a source, as in a replay, every symbol that is not known is unknown at once."""

    def __init__(self, source: InstrumentSource | None, *, monotonic: Callable[[], float]) -> None:
        self._source = source
        self._monotonic = monotonic
        self._sought: set[Symbol] = set()
        self._answers: dict[Symbol, tuple[ErrorCode, float]] = {}
        self._waiting: dict[Connection, deque[str]] = {}
        self._allowances = Allowances()

    def refusal(self, symbol: Symbol, *, asker: Asker) -> SymbolRefusal | None:
        """Why a symbol that is not known is refused to `asker`; None where the feeds are being asked, or are to be."""
        if self._source is None:
            return "unknown_symbol"
        answer = self._answers.get(symbol)
        if answer is not None and self._monotonic() < answer[1]:
            return answer[0]
        if symbol in self._sought:
            return None
        if len(self._sought) >= MOST_SOUGHT:
            return "feed_unavailable"
        return None if self._allowances.wait(asker, self._monotonic()) == 0 else "asked_too_often"

    def is_waiting(self, connection: Connection) -> bool:
        """Whether messages of a socket wait for an answer of the feeds."""
        return connection in self._waiting

    def queue(self, connection: Connection, text: str) -> bool:
        """Keeps a message behind the one that waits, so that their order stays; False where too many wait."""
        waiting = self._waiting[connection]
        if len(waiting) >= MOST_WAITING:
            return False
        waiting.append(text)
        return True

    def seek(self, connection: Connection, text: str, symbols: Iterable[Symbol]) -> None:
        """The message `text` waits until the feeds have answered what `symbols` are.

        Of more than whoever sent it may ask for, the first are; when the message is received anew, the others are refused.
        """
        assert self._source is not None
        self._waiting.setdefault(connection, deque()).appendleft(text)
        for symbol in sorted(set(symbols) - self._sought):
            if self.refusal(symbol, asker=connection.asker) is None:
                self._allowances.takes(connection.asker, self._monotonic())
                self._sought.add(symbol)
                self._source.seek(symbol)

    def leave(self, connection: Connection) -> None:
        """The socket is gone; nothing of it stays."""
        self._waiting.pop(connection, None)

    def answered(self, symbol: Symbol, refusal: ErrorCode | None) -> list[tuple[Connection, list[str]]]:
        """The feeds answered: the instrument is known by now, or refused. Gives all that waits, to be received anew."""
        self._sought.discard(symbol)
        if refusal is None:
            self._answers.pop(symbol, None)
        else:
            self._remember(symbol, refusal)
        waiting = [(connection, list(texts)) for connection, texts in self._waiting.items()]
        self._waiting.clear()
        return waiting

    def _remember(self, symbol: Symbol, refusal: ErrorCode) -> None:
        now = self._monotonic()
        if len(self._answers) >= MOST_REMEMBERED:
            self._answers = {known: answer for known, answer in self._answers.items() if answer[1] > now}
            if len(self._answers) >= MOST_REMEMBERED:
                self._answers.clear()
        self._answers[symbol] = (refusal, now + REMEMBERED_SECONDS[refusal])
