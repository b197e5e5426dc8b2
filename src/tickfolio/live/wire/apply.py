"""The reference client: what a page does with the frames it gets. Its twin is frontend/src/live/apply.ts.

A snapshot replaces everything. A delta counts only on top of the very sequence before it in the same epoch: an older one is
a repetition, any other reveals a gap. One that says `since` holds all
that came after that sequence. A status that names another epoch or a later sequence reveals a loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Protocol

import msgspec

from tickfolio.live.wire.messages import Delta, Error, QuoteRow, ServerMessage, Snapshot, Status
from tickfolio.live.wire.portfolio_messages import (
    Access,
    PortfolioDelta,
    PortfolioRow,
    PortfolioSnapshot,
    PortfolioTotals,
)
from tickfolio.live.wire.vocabulary import PORTFOLIO, QUOTES, Scope, portfolio_id


class _Held(Protocol):
    """Where a client stands in a scope."""

    @property
    def epoch(self) -> str | None: ...

    @property
    def sequence(self) -> int: ...

    @property
    def needs_refresh(self) -> bool: ...


class _Fit(Enum):
    """How a delta lies to what is held."""

    NEXT = auto()
    REPEATED = auto()
    GAP = auto()


# ---------- Quotes ----------


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What a client holds of the scope `quotes`. `needs_refresh` asks for a snapshot; deltas are ignored until it comes."""

    epoch: str | None = None
    sequence: int = 0
    rows: dict[str, QuoteRow] = field(default_factory=dict)
    needs_refresh: bool = False


def apply(state: ScopeState, message: ServerMessage) -> ScopeState:
    """The state after `message`; `state` itself stays as it is."""
    match message:
        case Snapshot():
            return ScopeState(epoch=message.epoch, sequence=message.sequence, rows=dict(message.rows))
        case Delta():
            return _after_delta(state, message)
        case Status():
            is_named = QUOTES in message.scopes
            return replace(state, needs_refresh=True) if is_named and _is_behind(state, message, QUOTES) else state
        case _:
            return state


def _after_delta(state: ScopeState, delta: Delta) -> ScopeState:
    fit = _fit(state, delta)
    if fit is _Fit.REPEATED:
        return state
    if fit is _Fit.GAP or not all(symbol in state.rows for symbol in delta.rows):
        return replace(state, needs_refresh=True)
    changed = {symbol: merged(state.rows[symbol], row) for symbol, row in delta.rows.items()}
    return replace(state, sequence=delta.sequence, rows={**state.rows, **changed})


# ---------- Portfolios ----------


@dataclass(frozen=True, slots=True)
class PortfolioState:
    """What a client holds of one portfolio.

    Attributes:
        ledger: the newest ledger entry that the figures rest on.
        totals: None where nothing is held yet.
        is_lost: whether the person may not see it any more; nothing of it is held then.
    """

    scope: Scope
    epoch: str | None = None
    sequence: int = 0
    ledger: int = 0
    totals: PortfolioTotals | None = None
    rows: dict[str, PortfolioRow] = field(default_factory=dict)
    needs_refresh: bool = False
    is_lost: bool = False


def apply_to_portfolio(state: PortfolioState, message: ServerMessage) -> PortfolioState:
    """The state after `message`, which may be of another scope; `state` itself stays as it is."""
    match message:
        case PortfolioSnapshot() if message.scope == state.scope:
            return PortfolioState(
                scope=state.scope,
                epoch=message.epoch,
                sequence=message.sequence,
                ledger=message.ledger,
                totals=message.totals,
                rows=dict(message.rows),
            )
        case PortfolioDelta() if message.scope == state.scope:
            return _after_portfolio_delta(state, message)
        case Status():
            return replace(state, needs_refresh=True) if _is_behind(state, message, state.scope) else state
        case Access():
            is_seen = any(PORTFOLIO + portfolio.id == portfolio_id(state.scope) for portfolio in message.portfolios)
            return replace(state, is_lost=False) if is_seen else PortfolioState(scope=state.scope, is_lost=True)
        case Error() if message.code == "unknown_portfolio" and message.scope == state.scope:
            return PortfolioState(scope=state.scope, is_lost=True)
        case _:
            return state


def _after_portfolio_delta(state: PortfolioState, delta: PortfolioDelta) -> PortfolioState:
    fit = _fit(state, delta)
    if fit is _Fit.REPEATED:
        return state
    if fit is _Fit.GAP or state.totals is None or not all(key in state.rows for key in delta.rows):
        return replace(state, needs_refresh=True)
    changed = {key: merged(state.rows[key], row) for key, row in delta.rows.items()}
    rows = {**state.rows, **changed, **delta.added}
    for key in delta.removed:
        rows.pop(key, None)
    return replace(
        state,
        sequence=delta.sequence,
        ledger=delta.ledger,
        totals=merged(state.totals, delta.totals),
        rows=rows,
    )


# ---------- Both ----------


def merged[Row: msgspec.Struct](row: Row, delta: msgspec.Struct) -> Row:
    """`row` with the columns that `delta` names."""
    changed = {name: value for name in delta.__struct_fields__ if (value := getattr(delta, name)) is not msgspec.UNSET}
    return msgspec.structs.replace(row, **changed)


def _fit(held: _Held, delta: Delta | PortfolioDelta) -> _Fit:
    is_same_epoch = delta.epoch == held.epoch
    if held.needs_refresh or (is_same_epoch and delta.sequence <= held.sequence):
        return _Fit.REPEATED
    since = delta.sequence - 1 if delta.since is msgspec.UNSET else delta.since
    return _Fit.NEXT if is_same_epoch and since <= held.sequence else _Fit.GAP


def _is_behind(held: _Held, status: Status, scope: Scope) -> bool:
    """A scope that is held and not named is one that the server does not send, or not yet again."""
    position = status.scopes.get(scope)
    if held.epoch is None or position is None:
        return held.epoch is not None
    return position.epoch != held.epoch or position.sequence > held.sequence
