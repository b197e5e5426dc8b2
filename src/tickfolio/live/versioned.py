"""A row whose columns know when they last changed, so that a frame names only what is new, and is encoded once.

Columns carry absolute values: all columns that changed since some version may be laid over any state from that version on.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import ne

import msgspec
from msgspec.structs import astuple

from tickfolio.live.wire.codec import encode_entry


class VersionedRow[Row: msgspec.Struct, Delta: msgspec.Struct]:
    """One row, the version at which each column last changed, and what was encoded of it."""

    __slots__ = ("_before", "_changed", "_columns", "_delta_type", "_deltas", "_full", "_key", "row", "version")

    def __init__(self, row: Row, delta_type: type[Delta], *, key: str | None, version: int) -> None:
        """A row that is new at `version`; `key` is its name among the rows of a frame, or None where it stands alone."""
        self.row = row
        self.version = version
        self._key = key
        self._delta_type = delta_type
        self._columns = dict.fromkeys(row.__struct_fields__, version)
        # What the last change changed, and the version before it: nearly everybody holds that one, and asks for just these.
        self._changed: Sequence[str] = ()
        self._before = version
        self._full: bytes | None = None
        self._deltas: dict[int, bytes] = {}

    def replace(self, row: Row, *, version: int) -> list[str]:
        """Takes `row` in place of what was held; the columns that differ, which are `version`'s from now on."""
        changed = list(compress(row.__struct_fields__, map(ne, astuple(row), astuple(self.row))))
        if changed:
            self.row = row
            self._changed, self._before, self.version = changed, self.version, version
            self._columns.update(dict.fromkeys(changed, version))
            self._full = None
            self._deltas.clear()
        return changed

    def changed_since(self, version: int) -> Delta:
        """The columns that changed after `version`."""
        return self._delta_type(**self._changed_since(version))

    def _changed_since(self, version: int) -> dict[str, object]:
        """The same by name, in the order of the columns: encoded it is the same bytes, without the way over a value."""
        row = self.row
        if self._before <= version < self.version:
            return {name: getattr(row, name) for name in self._changed}
        return {name: getattr(row, name) for name, at in self._columns.items() if at > version}

    def full_fragment(self) -> bytes:
        """The whole row as an entry of a frame, encoded at most once per change."""
        if self._full is None:
            self._full = encode_entry(self._key, self.row)
        return self._full

    def delta_fragment(self, *, since: int) -> bytes:
        """The columns that changed after version `since`, encoded at most once per change and `since`."""
        if since >= self.version:
            # Not kept: what never changes would be asked for with ever later versions.
            return encode_entry(self._key, self._delta_type())
        fragment = self._deltas.get(since)
        if fragment is None:
            fragment = self._deltas[since] = encode_entry(self._key, self._changed_since(since))
        return fragment
