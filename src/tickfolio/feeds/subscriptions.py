"""What is wanted of a stream, what the vendor refuses, and the difference that it must be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tickfolio.domain.instruments import Symbol

REFUSED_FOR = timedelta(hours=1)
"""After so long a refused symbol is asked for again: a vendor's refusal may have been a mistake, or be over."""
REMEMBERED = timedelta(days=1)
"""A symbol with a price from the stream within so long is known to the vendor, whatever an answer says."""
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason: str
    until_us: int


class Subscriptions:
    """The wanted set of one feed over its whole life, and what the running connection streams of it.

    Moments are those of the monotonic clock.

    Attributes:
        wanted: what the feed's user declared last.
        streamed: what the running connection was asked for.
        unpriced: symbols whose latest price is to be asked for.
    """

    def __init__(self, *, limit: int | None) -> None:
        self.wanted: frozenset[Symbol] = frozenset()
        self.streamed: frozenset[Symbol] = frozenset()
        self.unpriced: set[Symbol] = set()
        self._limit = limit
        self._refused: dict[Symbol, _Refusal] = {}
        self._ticked_us: dict[Symbol, int] = {}

    def want(self, symbols: frozenset[Symbol]) -> frozenset[Symbol]:
        """Declares the whole set; gives what is wanted no longer. A symbol that was refused and is wanted anew is tried anew."""
        gone = self.wanted - symbols
        for symbol in gone:
            self._refused.pop(symbol, None)
        self.unpriced.update(symbols - self.wanted)
        self.unpriced &= symbols
        self.wanted = symbols
        return gone

    def refuse(self, symbols: Mapping[Symbol, str], *, at_us: int) -> None:
        """The vendor will not serve these, and why."""
        for symbol, reason in symbols.items():
            if symbol in self.wanted:
                self._refused[symbol] = _Refusal(reason, at_us + REFUSED_FOR // _MICROSECOND)

    def end_refusals(self, at_us: int) -> bool:
        """Tries anew what was refused long ago; whether there is any."""
        ended = [symbol for symbol, refusal in self._refused.items() if refusal.until_us <= at_us]
        for symbol in ended:
            del self._refused[symbol]
        self.unpriced.update(ended)
        return bool(ended)

    def ticked(self, symbols: Iterable[Symbol], *, at_us: int) -> None:
        """The stream said prices of these."""
        for symbol in symbols:
            self._ticked_us[symbol] = at_us

    def never_ticked(self, refused: Mapping[Symbol, str], *, at_us: int) -> dict[Symbol, str]:
        """Those that the stream has not priced lately: one stray answer does not end a symbol that streams."""
        oldest = at_us - REMEMBERED // _MICROSECOND
        return {
            symbol: reason
            for symbol, reason in refused.items()
            if symbol not in self._ticked_us or self._ticked_us[symbol] < oldest
        }

    def refused(self, *, over_limit: str) -> dict[Symbol, str]:
        """Why each symbol is refused; those beyond the vendor's limit by the words given."""
        refused = {symbol: refusal.reason for symbol, refusal in self._refused.items()}
        return {**refused, **dict.fromkeys(self.wanted - refused.keys() - self._target(), over_limit)}

    def begin_connection(self) -> None:
        """Nothing is streamed and nothing refused yet, and what was missed meanwhile is to be asked for."""
        self.streamed = frozenset()
        self._refused.clear()
        self.unpriced.update(self.wanted)

    def missed(self) -> None:
        """Messages were lost: the latest price of everything is to be asked for."""
        self.unpriced.update(self.wanted)

    def difference(self) -> tuple[list[Symbol], list[Symbol]]:
        """What the vendor must be asked for now, and what no longer; both count as told from here on."""
        target = self._target()
        add, remove = sorted(target - self.streamed), sorted(self.streamed - target)
        self.streamed = target
        return add, remove

    def _target(self) -> frozenset[Symbol]:
        """What is wanted and not refused, as far as the vendor's limit goes."""
        good = self.wanted - self._refused.keys()
        if self._limit is None or len(good) <= self._limit:
            return good
        # Those that stream already go on: a limit must not make them take turns.
        return frozenset(sorted(good, key=lambda symbol: (symbol not in self.streamed, symbol))[: self._limit])
