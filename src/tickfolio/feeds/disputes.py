"""Feeds that say different prices of one instrument: which of them may serve it meanwhile. Pure.

Two that differ cannot both be right, and nothing tells which one is: the instrument leaves the one that serves it once, and
stays with the other until both agree again. A third feed decides: who agrees with it was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DISAGREEMENTS = 2
"""So many comparisons in a row must differ before they count."""
DISTRUST = timedelta(minutes=30)
"""For how long after the last comparison that differed a feed is left alone for an instrument."""
WORD_WAIT = timedelta(minutes=10)
"""So long a third feed is waited for; then the next is asked, and what is to be decided is decided without it."""


@dataclass(slots=True)
class _Word:
    """What a feed said, compared with the one that serves: how often in a row it differed, since when, and when last."""

    at: datetime
    since: datetime
    differed: int = 0


@dataclass(slots=True)
class _Distrust:
    """A feed that is left alone: against whose word, and until when. `is_over` where both were found to agree again."""

    against: str
    until: datetime
    is_over: bool = False


@dataclass(slots=True)
class Disputes:
    """Those of one instrument."""

    reason: str = ""
    """Why the serving feed was found to be wrong, or may be; empty where it was not."""
    _words: dict[str, _Word] = field(default_factory=dict)
    _distrusted: dict[str, _Distrust] = field(default_factory=dict)
    _in_vain: set[str] = field(default_factory=set)
    _turn: str = ""
    _turn_since: datetime | None = None

    def may_serve(self, name: str, at: datetime) -> bool:
        """Whether a feed may be turned to where the serving one must be left."""
        distrust = self._distrusted.get(name)
        return distrust is None or distrust.until <= at

    def may_return(self, name: str, at: datetime) -> bool:
        """Whether a feed may be taken back only because it is preferred: not before it agrees with the one that it lost to."""
        distrust = self._distrusted.get(name)
        return distrust is None or (distrust.is_over and distrust.until <= at)

    def in_turn(self, names: Sequence[str]) -> list[str]:
        """`names`, beginning with the one that is to be compared next."""
        start = names.index(self._turn) if self._turn in names else 0
        return [*names[start:], *names[:start]]

    def moved(self, new: str) -> None:
        """Another feed serves: what was said of the earlier one's prices is of no use."""
        self._words.clear()
        self._in_vain.clear()
        self._distrusted.pop(new, None)
        self.reason = ""

    def compared(self, current: str, other: str, names: Sequence[str], *, agrees: bool, at: datetime) -> None:
        """The price of `current`, which serves, was compared with that of `other`, one of `names`, those that can be asked."""
        self._in_vain.discard(other)
        distrust = self._distrusted.get(other)
        if distrust is not None:
            self._compared_again(current, other, distrust, agrees=agrees, at=at)
        word = self._words.setdefault(other, _Word(at, since=at))
        if agrees or word.differed == 0:
            word.since = at
        word.at, word.differed = at, 0 if agrees else word.differed + 1
        if agrees or word.differed >= DISAGREEMENTS or other in self._distrusted:
            self._pass_on(other, names, at)
        self._judge(current, names, at)

    def wait_no_longer(self, current: str, names: Sequence[str], at: datetime) -> None:
        """Goes on to the next feed where the one that is to be compared has said nothing for long."""
        if not names:
            return
        asked = self.in_turn(names)[0]
        if asked != self._turn or self._turn_since is None:
            self._turn, self._turn_since = asked, at
        elif at - self._turn_since >= WORD_WAIT:
            self._in_vain.add(asked)
            self._pass_on(asked, names, at)
            self._judge(current, names, at)

    # ---------- Inside ----------

    def _pass_on(self, name: str, names: Sequence[str], at: datetime) -> None:
        place = names.index(name) + 1 if name in names else 0
        self._turn, self._turn_since = names[place % len(names)] if names else "", at

    def _compared_again(self, current: str, other: str, distrust: _Distrust, *, agrees: bool, at: datetime) -> None:
        if not agrees:
            distrust.until, distrust.is_over = at + DISTRUST, False
        elif distrust.against == current:
            distrust.is_over = True
        else:
            # Two of three say the same: the one against which it was distrusted is alone.
            del self._distrusted[other]
            self._distrust(distrust.against, against=current, at=at)

    def _distrust(self, name: str, *, against: str, at: datetime) -> None:
        self._distrusted[name] = _Distrust(against, at + DISTRUST)

    def _judge(self, current: str, names: Sequence[str], at: datetime) -> None:
        """Says who is wrong, once enough was heard: a word of a feed that is distrusted itself counts for nothing."""
        trusted = [name for name in names if name not in self._distrusted]
        words = {name: self._words[name] for name in trusted if name in self._words}
        differing = [name for name, word in words.items() if word.differed >= DISAGREEMENTS]
        if not differing:
            return
        since = min(words[name].since for name in differing)
        if any(word.differed == 0 and word.at >= since for word in words.values()):
            for name in differing:
                self._distrust(name, against=current, at=at)
            return
        if any(name not in differing and name not in self._in_vain for name in trusted):
            return
        self._distrust(current, against=differing[0], at=at)
        if len(differing) > 1:
            self.reason = f"{current} says another price than {' and '.join(differing)}"
        else:
            self.reason = (
                f"{current} and {differing[0]} say different prices, and no third feed decides: "
                f"{current} is not taken back before they agree"
            )
