"""Every message of ``tickfolio.v1``, typed. TypeScript's types are generated from this file.

Decimals are strings. Times are RFC 3339 in UTC with milliseconds. A client message with an undeclared field is refused;
a client ignores fields it does not know, so that an old page outlives a new server.

**Source**: docs/reference/live-protocol.md.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from tickfolio.live.wire.portfolio_messages import (
    Access,
    Event,
    PortfolioDelta,
    PortfolioSnapshot,
    PortfoliosReport,
    VisiblePortfolio,
)
from tickfolio.live.wire.vocabulary import (
    Decimals,
    ErrorCode,
    FeedStateName,
    Moment,
    QualityName,
    QuoteScope,
    Scope,
    SessionName,
    Stamps,
)

# ---------- Client to server ----------


class ResumePoint(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where a client left off in a scope; `ledger` is of the last event that it heard of a portfolio, later ones are repeated."""

    epoch: str
    sequence: int
    ledger: int | None = None


class Hello(msgspec.Struct, tag_field="type", tag="hello", forbid_unknown_fields=True, frozen=True):
    """The first message. `resume` names, per scope, the last sequence that the client holds.

    The first request for the scope is then answered by what was missed, where the server still knows it. `token` is one for
    programs, of who cannot send it as a header of the handshake.
    """

    resume: dict[Scope, ResumePoint] = {}
    token: str | msgspec.UnsetType = msgspec.UNSET


class Subscribe(msgspec.Struct, tag_field="type", tag="subscribe", forbid_unknown_fields=True, frozen=True):
    """Adds symbols and portfolios to what the socket watches; answered by a snapshot of each scope that it names.

    `totals_only` asks for the portfolios without their rows, as a page does that lists them.
    """

    id: int
    quotes: list[str] = []
    portfolios: list[str] = []
    totals_only: bool = False


class Unsubscribe(msgspec.Struct, tag_field="type", tag="unsubscribe", forbid_unknown_fields=True, frozen=True):
    """Takes symbols and portfolios away from what the socket watches; answered by a snapshot of the quotes or by a status."""

    id: int
    quotes: list[str] = []
    portfolios: list[str] = []


class Ack(msgspec.Struct, tag_field="type", tag="ack", forbid_unknown_fields=True, frozen=True):
    """The highest sequence of a scope that the client has applied.

    `painted_ms` says how long the last price took from the server's receipt to the screen, where the client measures that.
    """

    scope: Scope
    sequence: int
    painted_ms: Annotated[int, msgspec.Meta(ge=0, le=600_000)] | None = None


class Visibility(msgspec.Struct, tag_field="type", tag="visibility", forbid_unknown_fields=True, frozen=True):
    """Whether the page is hidden; a hidden one gets slower frames."""

    hidden: bool


class Refresh(msgspec.Struct, tag_field="type", tag="refresh", forbid_unknown_fields=True, frozen=True):
    """Asks for a snapshot of a scope: what a client does after a gap or a new epoch."""

    scope: Scope


class Ping(msgspec.Struct, tag_field="type", tag="ping", forbid_unknown_fields=True, frozen=True):
    """Answered by a status that carries the same id."""

    id: int


type ClientMessage = Hello | Subscribe | Unsubscribe | Ack | Visibility | Refresh | Ping


# ---------- Server to client ----------


class Limits(msgspec.Struct, frozen=True):
    """What one socket may do; beyond it, an error, then a close code."""

    message_bytes: int
    messages_per_second: int
    message_burst: int
    symbols: int
    portfolios: int
    sockets_per_user: int


class FeedReport(msgspec.Struct, frozen=True):
    """A feed's state, and since when (real clock)."""

    feed: str
    state: FeedStateName
    since: Moment
    message: str


class Welcome(msgspec.Struct, tag_field="type", tag="welcome", frozen=True):
    """The answer to `hello`.

    `epoch` is the instance's, new after each start; that of a scope is new whenever what was known of it is void.
    `build` names the server's build: a page of another build reloads when idle. `is_replay` is true where all prices are a
    replay of the past; `market_time` is then its moment, and the real time otherwise. `portfolios` is empty for visitors who
    have not signed in.
    """

    epoch: str
    build: str
    server_time: Moment
    market_time: Moment
    is_replay: bool
    heartbeat_ms: int
    limits: Limits
    symbols: list[str]
    portfolios: list[VisiblePortfolio]


class QuoteRow(msgspec.Struct, frozen=True, omit_defaults=False):
    """One symbol's whole row of the scope `quotes`.

    `price`, `change` (price − previous close) and `change_percent` are null where they are not available; `quality` then says
    ``unpriced``, or the previous close is unknown. `price_places` is how many decimals the column shows.
    """

    name: str
    currency: str
    price_places: int
    price: Decimals | None
    previous_close: Decimals | None
    change: Decimals | None
    change_percent: Decimals | None
    quality: QualityName
    session: SessionName
    session_day: str | None
    source: str
    source_time: Moment | None
    received_time: Moment | None


class QuoteDelta(msgspec.Struct, frozen=True):
    """The columns of a row that changed; a column that is absent stays as it was."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    currency: str | msgspec.UnsetType = msgspec.UNSET
    price_places: int | msgspec.UnsetType = msgspec.UNSET
    price: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    previous_close: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    change: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    change_percent: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    quality: QualityName | msgspec.UnsetType = msgspec.UNSET
    session: SessionName | msgspec.UnsetType = msgspec.UNSET
    session_day: str | None | msgspec.UnsetType = msgspec.UNSET
    source: str | msgspec.UnsetType = msgspec.UNSET
    source_time: Moment | None | msgspec.UnsetType = msgspec.UNSET
    received_time: Moment | None | msgspec.UnsetType = msgspec.UNSET


class Snapshot(msgspec.Struct, tag_field="type", tag="snapshot", frozen=True):
    """The whole state of a scope; replaces what the client holds of it. `id` is of the request that it answers, if any.

    `epoch` names the sequence of frames that goes on from here: another one when the set of symbols or the pace changes.
    """

    scope: QuoteScope
    epoch: str
    sequence: int
    stamps: Stamps
    rows: dict[str, QuoteRow]
    id: int | None = None


class Delta(msgspec.Struct, tag_field="type", tag="delta", frozen=True):
    """Changed rows of a scope, on top of `sequence` − 1 of the same epoch. A client that holds another asks for a snapshot.

    One that comes back is sent all that it missed in a single frame, on top of `since`, which answers the request `id`.
    """

    scope: QuoteScope
    epoch: str
    sequence: int
    stamps: Stamps
    rows: dict[str, QuoteDelta]
    since: int | msgspec.UnsetType = msgspec.UNSET
    id: int | None | msgspec.UnsetType = msgspec.UNSET


class ScopePosition(msgspec.Struct, frozen=True):
    """Where a scope stands: what a client holds that has got everything."""

    epoch: str
    sequence: int


class Status(msgspec.Struct, tag_field="type", tag="status", frozen=True):
    """Each feed's state and the market's time; also the heartbeat, the answer to `ping` and what repeats where scopes stand.

    `portfolios` is null for visitors who have not signed in.
    """

    epoch: str
    scopes: dict[str, ScopePosition]
    server_time: Moment
    market_time: Moment
    feeds: list[FeedReport]
    id: int | None = None
    portfolios: PortfoliosReport | None = None


class Error(msgspec.Struct, tag_field="type", tag="error", frozen=True):
    """A request that was refused, and why; `id` is of that request, if it had one. The socket lives on unless a `bye` follows.

    `scope` names the portfolio that it is about, if any, and `symbol` the one that was refused, as it was understood.
    """

    code: ErrorCode
    message: str
    id: int | None = None
    scope: str | None = None
    symbol: str | None = None


class Bye(msgspec.Struct, tag_field="type", tag="bye", frozen=True):
    """The server closes the socket next; come back after `retry_after_ms`, or not at all where it is null."""

    code: str
    retry_after_ms: int | None


type ServerMessage = (
    Welcome | Snapshot | Delta | PortfolioSnapshot | PortfolioDelta | Event | Access | Status | Error | Bye
)
