"""What is wanted of a stream, what the vendor refuses, and the difference that it must be told."""

from __future__ import annotations

from collections.abc import Mapping

from tickfolio.domain.instruments import Symbol


class Subscriptions:
    """The wanted set of one feed over its whole life, and what the running connection streams of it.

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
        self._refused: dict[Symbol, str] = {}
        self._over_limit: frozenset[Symbol] = frozenset()

    def want(self, symbols: frozenset[Symbol]) -> frozenset[Symbol]:
        """Declares the whole set; gives what is wanted no longer. A symbol that was refused and is wanted anew is tried anew."""
        gone = self.wanted - symbols
        for symbol in gone:
            self._refused.pop(symbol, None)
        self.unpriced.update(symbols - self.wanted)
        self.unpriced &= symbols
        self.wanted = symbols
        return gone

    def refuse(self, symbols: Mapping[Symbol, str]) -> None:
        """The vendor will not serve these, and why."""
        self._refused.update((symbol, reason) for symbol, reason in symbols.items() if symbol in self.wanted)

    def refused(self, *, over_limit: str) -> dict[Symbol, str]:
        """Why each symbol is refused; those beyond the vendor's limit by the words given."""
        return {**self._refused, **dict.fromkeys(self._over_limit, over_limit)}

    def begin_connection(self) -> None:
        """Nothing is streamed yet, and what was missed meanwhile is to be asked for."""
        self.streamed = frozenset()
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
            self._over_limit = frozenset()
            return good
        # Those that stream already go on: a limit must not make them take turns.
        ordered = sorted(good, key=lambda symbol: (symbol not in self.streamed, symbol))
        self._over_limit = frozenset(ordered[self._limit :])
        return frozenset(ordered[: self._limit])
