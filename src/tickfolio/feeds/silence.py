"""How long a stream has said no price although one was to be expected. Pure; moments are those of the monotonic clock."""

from __future__ import annotations

from datetime import timedelta

LONGEST_PATIENCE = timedelta(minutes=10)


class Silence:
    """The silence of the running connection.

    A thin market may be silent for long: a vendor that still answers is not called anew every few seconds, so the patience
    until then doubles with each connection that brought no price.
    """

    def __init__(self, *, patience: timedelta, patience_to_reconnect: timedelta | None) -> None:
        self._stale_us = _microseconds(patience)
        self._first_us = self._reconnect_us = _microseconds(patience_to_reconnect or patience)
        self._price_us = self._expected_us = 0

    def begin(self, now_us: int) -> None:
        """A connection begins."""
        self._price_us = self._expected_us = now_us

    def price_came(self, now_us: int) -> None:
        """A price came."""
        self._price_us = now_us
        self._reconnect_us = self._first_us

    def excuse(self, now_us: int) -> None:
        """No price is to be expected now, as while all markets are closed."""
        self._expected_us = now_us

    def is_old_news(self, now_us: int) -> bool:
        """Whether the last price, expected or not, is longer ago than the patience."""
        return now_us - self._price_us > self._stale_us

    def began_us(self) -> int:
        """Since when no price came although one was to be expected."""
        return max(self._price_us, self._expected_us)

    def is_stale(self, now_us: int) -> bool:
        """Whether it is longer than the patience."""
        return now_us - self.began_us() > self._stale_us

    def ends_connection(self, now_us: int) -> bool:
        """Whether it has become too long for this connection; the next one is given twice as long."""
        if now_us - self.began_us() <= self._reconnect_us:
            return False
        self._reconnect_us = min(2 * self._reconnect_us, max(_microseconds(LONGEST_PATIENCE), self._first_us))
        return True


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
