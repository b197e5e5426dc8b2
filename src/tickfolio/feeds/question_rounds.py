"""When feeds are asked about a price that is held back: at once, and then after waits that double. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol

FIRST_WAIT_US = 30_000_000
LONGEST_WAIT_US = 240_000_000


@dataclass(frozen=True, slots=True)
class _Round:
    """The last time that feeds were asked of an instrument: when they may be again, and how long that is after it."""

    next_us: int
    wait_us: int


class QuestionRounds:
    """Rounds of questions by instrument, by a monotonic clock in microseconds.

    A price that comes and goes does not begin anew: between two rounds of an instrument is `FIRST_WAIT_US` at least, whatever
    was believed meanwhile.
    """

    def __init__(self) -> None:
        self._open: set[Symbol] = set()
        self._rounds: dict[Symbol, _Round] = {}

    def begin(self, symbol: Symbol) -> None:
        """A price of `symbol` is held back."""
        self._open.add(symbol)

    def end(self, symbol: Symbol) -> None:
        """Nothing is held back any more, or nobody wants to know."""
        self._open.discard(symbol)

    def due(self, now_us: int) -> tuple[Symbol, ...]:
        """The instruments of which feeds are to be asked now; a round of each counts as begun."""
        found = tuple(symbol for symbol in sorted(self._open) if self._may_ask(symbol, now_us))
        for symbol in found:
            last = self._rounds.get(symbol)
            is_long_ago = last is None or now_us - last.next_us > LONGEST_WAIT_US
            wait_us = FIRST_WAIT_US if last is None or is_long_ago else min(2 * last.wait_us, LONGEST_WAIT_US)
            self._rounds[symbol] = _Round(now_us + wait_us, wait_us)
        return found

    def _may_ask(self, symbol: Symbol, now_us: int) -> bool:
        last = self._rounds.get(symbol)
        return last is None or now_us >= last.next_us
