"""The reference client: what a page does with the frames it gets. Its twin is frontend/src/live/apply.ts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec

from tickfolio.live.wire.messages import Delta, QuoteDelta, QuoteRow, ServerMessage, Snapshot, Status
from tickfolio.live.wire.vocabulary import QUOTES


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What a client holds of a scope. `needs_refresh` asks for a snapshot, and deltas are ignored until it comes."""

    epoch: str | None = None
    sequence: int = 0
    rows: dict[str, QuoteRow] = field(default_factory=dict)
    needs_refresh: bool = False


def apply(state: ScopeState, message: ServerMessage) -> ScopeState:
    """The state after `message`; `state` itself stays as it is.

    A snapshot replaces everything. A delta counts only on top of the very sequence before it in the same epoch: an older one
    is a repetition, any other reveals a gap. A status that names another epoch or a later sequence reveals a loss.
    """
    match message:
        case Snapshot():
            return ScopeState(epoch=message.epoch, sequence=message.sequence, rows=dict(message.rows))
        case Delta():
            return _apply_delta(state, message)
        case Status():
            return _refreshing(state) if _is_behind(state, message) else state
        case _:
            return state


def _is_behind(state: ScopeState, status: Status) -> bool:
    position = status.scopes.get(QUOTES)
    if state.epoch is None or position is None:
        return False
    return position.epoch != state.epoch or position.sequence > state.sequence


def _apply_delta(state: ScopeState, delta: Delta) -> ScopeState:
    if state.needs_refresh or (delta.epoch == state.epoch and delta.sequence <= state.sequence):
        return state
    known = all(symbol in state.rows for symbol in delta.rows)
    if delta.epoch != state.epoch or delta.sequence != state.sequence + 1 or not known:
        return _refreshing(state)
    rows = {**state.rows, **{symbol: merged(state.rows[symbol], row) for symbol, row in delta.rows.items()}}
    return replace(state, sequence=delta.sequence, rows=rows)


def merged(row: QuoteRow, delta: QuoteDelta) -> QuoteRow:
    """`row` with the columns that `delta` names."""
    changed = {name: value for name in delta.__struct_fields__ if (value := getattr(delta, name)) is not msgspec.UNSET}
    return msgspec.structs.replace(row, **changed)


def _refreshing(state: ScopeState) -> ScopeState:
    return replace(state, needs_refresh=True)
