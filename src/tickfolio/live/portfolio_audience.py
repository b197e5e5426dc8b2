"""Sockets that watch one portfolio at the same pace and in the same detail: each frame is composed once for all of them."""

from __future__ import annotations

from tickfolio.live.connection import Connection
from tickfolio.live.portfolio_rows import PortfolioRows
from tickfolio.live.ports import LedgerEvent
from tickfolio.live.resuming import Marks
from tickfolio.live.wire.codec import Missed, Place, encode, join_portfolio_delta, join_portfolio_snapshot
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import Error, ScopePosition
from tickfolio.live.wire.portfolio_messages import Event
from tickfolio.live.wire.vocabulary import PORTFOLIO, Scope


def scope_of(portfolio: str) -> Scope:
    """The scope of a portfolio."""
    return PORTFOLIO + portfolio


def event_frame(scope: Scope, event: LedgerEvent) -> Frame:
    """What tells of something that was booked."""
    return Frame(encode(Event(scope=scope, ledger=event.sequence, kind=event.kind, transaction=event.transaction)))


def unavailable(portfolio: str, request_id: int) -> Frame:
    """The answer to who asks for a portfolio that cannot be read at the moment."""
    message = f"The portfolio {portfolio} cannot be read now. It comes as soon as it can."
    return Frame(encode(Error(code="portfolio_unavailable", message=message, id=request_id, scope=scope_of(portfolio))))


class PortfolioAudience:
    """The members, and the sequence that they all stand at.

    A member that could not take a frame owes nothing to the others: it gets a snapshot when it reads again.
    """

    def __init__(self, scope: Scope, *, epoch: str, is_hidden: bool, totals_only: bool) -> None:
        self.scope = scope
        self.epoch = epoch
        self.is_hidden = is_hidden
        self.totals_only = totals_only
        self.members: dict[Connection, None] = {}
        self.sequence = 0
        self.version = 0
        self._marks = Marks(0)

    @property
    def position(self) -> ScopePosition:
        """Where a member stands that has got everything."""
        return ScopePosition(self.epoch, self.sequence)

    def begin_epoch(self, epoch: str) -> None:
        """What the members hold is void: each of them is to get a snapshot."""
        self.epoch = epoch
        self.sequence = 0
        self._marks = Marks(self.version)

    def stand_at(self, version: int) -> None:
        """The first members begin at `version` of the rows."""
        self.version = version
        self._marks = Marks(version)

    @property
    def oldest_version(self) -> int:
        """The oldest version of the rows that somebody can go on from."""
        return min(self.version, self._marks.oldest)

    def delta(self, rows: PortfolioRows, *, sent_at: str) -> Frame | None:
        """The next frame, or None where nothing changed for these members; advances the sequence."""
        since, self.version = self.version, rows.version
        if not rows.has_news(since=since, totals_only=self.totals_only):
            return None
        self.sequence += 1
        self._marks.note(self.sequence, self.version)
        return self._changes(rows, since=since, sent_at=sent_at)

    def missed(self, rows: PortfolioRows, *, since: int, sent_at: str, request_id: int | None) -> Frame | None:
        """All that changed after the frame `since`, in one; None where that is too long ago."""
        version = self._marks.version_at(since)
        if version is None:
            return None
        return self._changes(rows, since=version, sent_at=sent_at, missed=Missed(since, request_id))

    def _changes(self, rows: PortfolioRows, *, since: int, sent_at: str, missed: Missed | None = None) -> Frame:
        shows_rows = not self.totals_only
        return Frame(
            join_portfolio_delta(
                self._place(rows),
                stamps=rows.stamps(sent_at=sent_at, since=since),
                totals=rows.totals_delta_fragment(since=since),
                rows=rows.changed_fragments(since=since) if shows_rows else (),
                added=rows.added_fragments(since=since) if shows_rows else (),
                removed=rows.removed_keys(since=since) if shows_rows else [],
                missed=missed,
            )
        )

    def snapshot(self, rows: PortfolioRows, *, sent_at: str, request_id: int | None) -> Frame:
        """The whole state at the current sequence.

        Figures may already be newer than the sequence says: the next delta then repeats absolute values, which does no harm.
        """
        return Frame(
            join_portfolio_snapshot(
                self._place(rows),
                stamps=rows.stamps(sent_at=sent_at),
                totals=rows.totals_fragment(),
                rows=() if self.totals_only else rows.row_fragments(),
                request_id=request_id,
            )
        )

    def _place(self, rows: PortfolioRows) -> Place:
        return Place(scope=self.scope, epoch=self.epoch, sequence=self.sequence, ledger=rows.ledger)
