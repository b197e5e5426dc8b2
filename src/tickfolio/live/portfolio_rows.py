"""What pages see of one portfolio: its totals and rows, with which of them changed when, and which are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tickfolio.domain.market.quotes import Quote
from tickfolio.live.versioned import VersionedRow
from tickfolio.live.wire.codec import moment
from tickfolio.live.wire.portfolio_messages import (
    PortfolioRow,
    PortfolioRowDelta,
    PortfolioTotals,
    PortfolioTotalsDelta,
)
from tickfolio.live.wire.vocabulary import Stamps


class _Row(VersionedRow[PortfolioRow, PortfolioRowDelta]):
    __slots__ = ("added_at",)

    def __init__(self, key: str, row: PortfolioRow, *, version: int) -> None:
        super().__init__(row, PortfolioRowDelta, key=key, version=version)
        self.added_at = version


class PortfolioRows:
    """The figures of one portfolio as of its last valuation; each valuation that changes something is a version."""

    def __init__(self, totals: PortfolioTotals, rows: Mapping[str, PortfolioRow], *, ledger: int) -> None:
        self.version = 1
        self.ledger = ledger
        """The sequence of the newest ledger entry that the figures rest on."""
        self._totals = VersionedRow(totals, PortfolioTotalsDelta, key=None, version=1)
        self._rows = {key: _Row(key, row, version=1) for key, row in rows.items()}
        self._removed: dict[str, int] = {}
        self._ledger_version = 1
        self._newest: Quote | None = None
        self._newest_version = 0

    @property
    def totals(self) -> PortfolioTotals:
        """The header."""
        return self._totals.row

    def rows(self) -> dict[str, PortfolioRow]:
        """All rows by key."""
        return {key: row.row for key, row in self._rows.items()}

    def row(self, key: str) -> PortfolioRow:
        """One row by its key."""
        return self._rows[key].row

    def show(
        self, totals: PortfolioTotals, changed: Mapping[str, PortfolioRow], *, gone: Collection[str], ledger: int
    ) -> None:
        """Takes the figures of a valuation: rows that may have changed or are new, and the keys of those that are gone."""
        version = self.version + 1
        news = bool(self._totals.replace(totals, version=version))
        for key, row in changed.items():
            held = self._rows.get(key)
            if held is None:
                self._rows[key] = _Row(key, row, version=version)
                self._removed.pop(key, None)
                news = True
            elif held.replace(row, version=version):
                news = True
        for key in gone:
            del self._rows[key]
            self._removed[key] = version
            news = True
        if ledger != self.ledger:
            self.ledger = ledger
            self._ledger_version = version
            news = True
        if news:
            self.version = version

    def note_quotes(self, quotes: Iterable[Quote]) -> None:
        """Notes the newest of the quotes that the last valuation took in."""
        newest = max(quotes, key=lambda quote: quote.version, default=None)
        if newest is not None and (self._newest is None or newest.version > self._newest.version):
            self._newest = newest
            self._newest_version = self.version

    def has_news(self, *, since: int, totals_only: bool) -> bool:
        """Whether a frame is due to those who hold version `since`."""
        if totals_only:
            return self._totals.version > since or self._ledger_version > since
        return self.version > since

    def stamps(self, *, sent_at: str, since: int = 0) -> Stamps:
        """The times of the newest quote that came in after version `since`."""
        newest = self._newest
        if newest is None or self._newest_version <= since:
            return Stamps(source=None, received=None, sent=sent_at)
        return Stamps(source=moment(newest.source_time), received=moment(newest.received_time), sent=sent_at)

    def received_since(self, version: int) -> datetime | None:
        """When the server got the newest of the quotes that came in after `version`; None where none did."""
        return None if self._newest is None or self._newest_version <= version else self._newest.received_time

    # ---------- Ready pieces of frames ----------

    def totals_fragment(self) -> bytes:
        """The whole header, encoded at most once per change."""
        return self._totals.full_fragment()

    def totals_delta_fragment(self, *, since: int) -> bytes:
        """The totals that changed after version `since`."""
        return self._totals.delta_fragment(since=since)

    def row_fragments(self) -> list[bytes]:
        """All rows, whole."""
        return [row.full_fragment() for row in self._rows.values()]

    def changed_fragments(self, *, since: int) -> list[bytes]:
        """The changed columns of rows that were there at version `since`."""
        changed = (row for row in self._rows.values() if row.version > since >= row.added_at)
        return [row.delta_fragment(since=since) for row in changed]

    def added_fragments(self, *, since: int) -> list[bytes]:
        """Rows that came after version `since`, whole."""
        return [row.full_fragment() for row in self._rows.values() if row.added_at > since]

    def removed_keys(self, *, since: int) -> list[str]:
        """Rows that went after version `since`."""
        return [key for key, at in self._removed.items() if at > since]

    def forget_removed(self, *, before: int) -> None:
        """Everybody holds at least version `before`: what went earlier need not be told again."""
        self._removed = {key: at for key, at in self._removed.items() if at > before}
