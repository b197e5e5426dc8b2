"""Sockets that watch the very same symbols at the very same pace: each frame is composed once for all of them."""

from __future__ import annotations

from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quote
from tickfolio.live.connection import Connection
from tickfolio.live.resuming import Marks
from tickfolio.live.rows import QuoteRows
from tickfolio.live.wire.codec import Missed, join_delta, join_snapshot, moment
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import Stamps

type AudienceKey = tuple[frozenset[Symbol], bool]


class Audience:
    """A watch set, its members, and the sequence that they all stand at.

    A member that could not take a frame owes nothing to the others: it gets a snapshot when it reads again.
    """

    def __init__(self, *, epoch: str, symbols: frozenset[Symbol], is_hidden: bool, version: int, turn: int = 0) -> None:
        """A new one; by its `turn` it is served in a part of a beat."""
        self.epoch = epoch
        self.turn = turn
        self.symbols = symbols
        self.is_hidden = is_hidden
        self.members: dict[Connection, None] = {}
        self.sequence = 0
        self.version = version
        self.received_at: datetime | None = None
        """When the server got the newest price of the last frame."""
        self._marks = Marks(version)
        self._ordered = sorted(symbols)

    def delta(self, rows: QuoteRows, *, sent_at: str) -> Frame | None:
        """The next frame, or None where nothing changed; advances the sequence."""
        changed = rows.changed(self._ordered, since=self.version)
        if not changed:
            self.version = rows.version
            return None
        self.sequence += 1
        newest = newest_quote(rows, changed)
        self.received_at = None if newest is None else newest.received_time
        payload = join_delta(
            epoch=self.epoch,
            sequence=self.sequence,
            stamps=_stamps(newest, sent_at=sent_at),
            fragments=[rows.delta_fragment(symbol, since=self.version) for symbol in changed],
        )
        self.version = rows.version
        self._marks.note(self.sequence, self.version)
        return Frame(payload)

    def note_unchanged(self, version: int) -> None:
        """Up to `version` nothing changed: who was swept then and who was not share what is encoded since."""
        self.version = max(self.version, version)

    def missed(self, rows: QuoteRows, *, since: int, sent_at: str, request_id: int | None) -> Frame | None:
        """All that changed after the frame `since`, in one; None where that is too long ago."""
        version = self._marks.version_at(since)
        if version is None:
            return None
        changed = rows.changed(self._ordered, since=version)
        return Frame(
            join_delta(
                epoch=self.epoch,
                sequence=self.sequence,
                stamps=stamps_of(rows, changed, sent_at=sent_at),
                fragments=[rows.delta_fragment(symbol, since=version) for symbol in changed],
                missed=Missed(since, request_id),
            )
        )

    def begin_epoch(self, epoch: str) -> None:
        """What the members hold is void: each of them is to get a snapshot."""
        self.epoch = epoch
        self.sequence = 0
        self._marks = Marks(self.version)

    def snapshot(self, rows: QuoteRows, *, sent_at: str, request_id: int | None = None) -> Frame:
        """The whole state at the current sequence.

        Rows may already be newer than the sequence says: the next delta then repeats absolute values, which does no harm.
        """
        return Frame(
            join_snapshot(
                epoch=self.epoch,
                sequence=self.sequence,
                stamps=stamps_of(rows, self._ordered, sent_at=sent_at),
                fragments=[rows.full_fragment(symbol) for symbol in self._ordered],
                request_id=request_id,
            )
        )


def stamps_of(rows: QuoteRows, symbols: list[Symbol], *, sent_at: str) -> Stamps:
    """The times of the newest quote among `symbols`."""
    return _stamps(newest_quote(rows, symbols), sent_at=sent_at)


def newest_quote(rows: QuoteRows, symbols: list[Symbol]) -> Quote | None:
    """The newest quote among `symbols`; None where none of them has one."""
    return max(
        (quote for symbol in symbols if (quote := rows.quote(symbol)) is not None),
        key=lambda quote: quote.version,
        default=None,
    )


def _stamps(newest: Quote | None, *, sent_at: str) -> Stamps:
    if newest is None:
        return Stamps(source=None, received=None, sent=sent_at)
    return Stamps(source=moment(newest.source_time), received=moment(newest.received_time), sent=sent_at)
