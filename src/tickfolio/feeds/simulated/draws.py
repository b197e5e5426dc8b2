"""Random numbers that belong to a seed, a name and a number: the same ones on every machine, in any order."""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

# A sum of four 16-bit numbers: its mean, and its standard deviation √(4 · (2³² − 1) ÷ 12).
_MEAN, _DEVIATION = 2 * 0xFFFF, 37837
_NUMBER = Struct("<q")
_WORDS = Struct("<4H")
_LONG = Struct("<Q")


class Draws:
    """A source of random numbers for one purpose."""

    def __init__(self, seed: int, *names: str) -> None:
        self._key = blake2b("|".join((str(seed), *names)).encode(), digest_size=32).digest()

    def below(self, bound: int, at: int) -> int:
        """A number from 0 to `bound` − 1, each as likely, for the place `at`."""
        (number,) = _LONG.unpack(blake2b(_NUMBER.pack(at), digest_size=8, key=self._key).digest())
        return int(number) % bound

    def normal(self, deviation: int, at: int) -> int:
        """A number around 0 with that standard deviation, never beyond three and a half of it, for the place `at`."""
        words: tuple[int, ...] = _WORDS.unpack(blake2b(_NUMBER.pack(at), digest_size=8, key=self._key).digest())
        return deviation * (sum(words) - _MEAN) // _DEVIATION
