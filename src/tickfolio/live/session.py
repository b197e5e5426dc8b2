"""One socket's side of the protocol: text in, commands out. Sans-I/O; the hub carries the commands out.

**Source**: docs/reference/live-protocol.md.
"""

from __future__ import annotations

import contextlib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, assert_never, get_args

import msgspec

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH, Symbol, normalise_symbol
from tickfolio.errors import InvalidSymbol, ProtocolError
from tickfolio.live.allowance import LOOKUPS_AT_ONCE, SECONDS_A_LOOKUP, Allowance
from tickfolio.live.wire.codec import decode_client, decode_plain, encode, encode_plain_error, request_id_in
from tickfolio.live.wire.messages import (
    Ack,
    Error,
    Hello,
    Limits,
    Ping,
    Refresh,
    ResumePoint,
    Subscribe,
    Unsubscribe,
    Visibility,
)
from tickfolio.live.wire.vocabulary import IN, PORTFOLIO, QUOTES, ErrorCode, Scope, portfolio_id

PLAIN_MESSAGE_BYTES = 4 * 1024
LIMITS = Limits(
    message_bytes=16 * 1024, messages_per_second=20, message_burst=40, symbols=500, portfolios=50, sockets_per_user=20
)
REFUSALS_BEFORE_CLOSE = 40
HELLO_SECONDS = 10.0
POLICY_VIOLATION = 1008
NOBODY_BEHIND = "Expected a token that stands, in the first hello of who has not signed in otherwise."
IN_CURRENCIES = 2
"""So many times the portfolios may be watched: each in its own currency and in the one that Home adds up in."""
_PORTFOLIO_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(@[A-Z]{3})?\Z")


@dataclass(frozen=True, slots=True)
class Reply:
    """Send this answer."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class SendWelcome:
    """Send the answer to `hello`; the socket counts as greeted from now on."""


@dataclass(frozen=True, slots=True)
class SendStatus:
    """Send a status, as the answer to request `request_id`."""

    request_id: int | None


@dataclass(frozen=True, slots=True)
class Watch:
    """The socket watches exactly `symbols` from now on; answer with those in `asked`, or with a snapshot."""

    symbols: frozenset[Symbol]
    asked: tuple[Symbol, ...]
    request_id: int | None


@dataclass(frozen=True, slots=True)
class WatchPortfolios:
    """The socket wants to watch these too; answer each by a snapshot, or by an error where the person may not see it."""

    portfolios: tuple[str, ...]
    totals_only: bool
    request_id: int


@dataclass(frozen=True, slots=True)
class UnwatchPortfolios:
    """The socket watches these no longer; answer with a status."""

    portfolios: tuple[str, ...]
    request_id: int


@dataclass(frozen=True, slots=True)
class SendSnapshot:
    """Send a snapshot of a scope that the socket watches."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class SetHidden:
    """The page was hidden or shown."""

    is_hidden: bool


@dataclass(frozen=True, slots=True)
class NoteAck:
    """The client has applied the frame of that sequence."""

    scope: Scope
    sequence: int
    painted_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Say goodbye and close; coming back unchanged is of use after `retry_after_ms`, or never."""

    close_code: int
    reason: str
    retry_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Seek:
    """The feeds must be asked what these symbols are; the message is to be received anew once they have answered."""

    symbols: frozenset[Symbol]


type Command = (
    Reply
    | Seek
    | SendWelcome
    | SendStatus
    | Watch
    | WatchPortfolios
    | UnwatchPortfolios
    | SendSnapshot
    | SetHidden
    | NoteAck
    | Leave
)


type SymbolRefusal = ErrorCode | Literal["asked_too_often"]
"""Why a symbol that is not known is refused; the last where whoever asks had too many asked of the feeds lately."""


class Session(ABC):
    """What both dialects share: the allowance, the watch set and its limit."""

    is_plain: bool

    def __init__(
        self,
        *,
        knows: Callable[[Symbol], bool],
        refusal: Callable[[Symbol], SymbolRefusal | None] = lambda _symbol: "unknown_symbol",
        limits: Limits = LIMITS,
    ) -> None:
        """Of a symbol that it does not know it asks for the `refusal`, which is None where the feeds must be asked first."""
        self.watched: frozenset[Symbol] = frozenset()
        self._knows = knows
        self._refusal = refusal
        self._limits = limits
        self._allowance = Allowance(per_second=limits.messages_per_second, burst=limits.message_burst)

    def receive_text(self, text: str, *, at: float, is_again: bool = False) -> list[Command]:
        """What to do about a text message that came in at `at` (monotonic seconds); one received anew costs nothing."""
        if not is_again and not self._allowance.takes(at):
            return self._refuse_flood()
        try:
            return self._handle(text)
        except ProtocolError as error:
            return [self._error(error.code, error.message, request_id=None if self.is_plain else request_id_in(text))]

    def receive_binary(self, *, at: float) -> list[Command]:
        """What to do about a binary message: it is refused, and the socket lives on."""
        if not self._allowance.takes(at):
            return self._refuse_flood()
        return [self._error("binary", "Expected a text frame with JSON, found a binary one.")]

    @abstractmethod
    def _handle(self, text: str) -> list[Command]: ...

    @abstractmethod
    def _error(self, code: str, message: str, *, request_id: int | None = None) -> Reply: ...

    def _refuse_flood(self) -> list[Command]:
        if self._allowance.refused > REFUSALS_BEFORE_CLOSE:
            return [Leave(close_code=POLICY_VIOLATION, reason="too_many_messages")]
        if self._allowance.refused > 1:
            return []
        rate, burst = self._limits.messages_per_second, self._limits.message_burst
        return [
            self._error("too_many_messages", f"Expected at most {rate} messages a second, {burst} at once. Slow down.")
        ]

    def _symbol(self, text: str) -> Symbol:
        try:
            symbol = normalise_symbol(text)
        except InvalidSymbol as error:
            raise ProtocolError("invalid_symbol", str(error)) from error
        if not self._knows(symbol):
            raise self._refused(symbol)
        return symbol

    def _refused(self, symbol: Symbol) -> ProtocolError:
        refusal = self._refusal(symbol)
        if refusal == "unknown_symbol":
            return ProtocolError(refusal, f"No instrument has the symbol {symbol}.")
        why = f"No feed could say now what {symbol} is."
        if refusal == "asked_too_often":
            rate = f"{LOOKUPS_AT_ONCE} unknown symbols at once, then one every {SECONDS_A_LOOKUP:.0f} s"
            why = f"No feed was asked what {symbol} is: expected at most {rate}."
        return ProtocolError("feed_unavailable", f"{why} Try again in a minute.")

    def _unsought(self, texts: Iterable[str]) -> frozenset[Symbol]:
        """The symbols among `texts` of which the feeds must be asked first."""
        found = set()
        for text in texts:
            with contextlib.suppress(InvalidSymbol):
                symbol = normalise_symbol(text)
                if not self._knows(symbol) and self._refusal(symbol) is None:
                    found.add(symbol)
        return frozenset(found)

    def _require_room(self, symbols: int) -> None:
        if symbols > self._limits.symbols:
            raise ProtocolError("too_many_symbols", f"Expected at most {self._limits.symbols} symbols on one socket.")


class PlainSession(Session):
    """The plain dialect: ``{"symbol": "AAPL"}`` adds a symbol and is answered by its quote."""

    is_plain = True

    def _handle(self, text: str) -> list[Command]:
        if len(text.encode()) > PLAIN_MESSAGE_BYTES:
            raise ProtocolError("message_too_large", f"Expected at most {PLAIN_MESSAGE_BYTES} bytes a message.")
        wanted = decode_plain(text).symbol
        if unsought := self._unsought([wanted]):
            return [Seek(unsought)]
        try:
            symbol = self._symbol(wanted)
            watched = self.watched | {symbol}
            self._require_room(len(watched))
        except ProtocolError as error:
            return [_plain_error_about(wanted, error)]
        self.watched = watched
        return [Watch(symbols=watched, asked=(symbol,), request_id=None)]

    def _error(self, code: str, message: str, *, request_id: int | None = None) -> Reply:
        return Reply(encode_plain_error(_known_code(code), message))


class V1Session(Session):
    """``tickfolio.v1``: `hello` first, then typed requests."""

    is_plain = False

    def __init__(
        self,
        *,
        knows: Callable[[Symbol], bool],
        refusal: Callable[[Symbol], SymbolRefusal | None] = lambda _symbol: "unknown_symbol",
        limits: Limits = LIMITS,
    ) -> None:
        super().__init__(knows=knows, refusal=refusal, limits=limits)
        self.is_greeted = False
        self.needs_token = self.knows_token = False
        """Whether only a hello with a token is welcomed, and whether that of the next one was found to stand."""
        self.resume: dict[Scope, ResumePoint] = {}
        """Where the client left off before this connection, by scope, until it asks for the scope."""
        self.portfolios: set[str] = set()
        """What was asked for and not refused, whether or not it is loaded yet."""

    def _handle(self, text: str) -> list[Command]:
        message = decode_client(text)
        if not self.is_greeted and not isinstance(message, Hello):
            raise ProtocolError("expected_hello", "Expected a hello as the first message.")
        match message:
            case Hello() if (self.needs_token or message.token is not msgspec.UNSET) and not self.knows_token:
                return [self._error("invalid_token", NOBODY_BEHIND), Leave(POLICY_VIOLATION, "signed_out")]
            case Hello():
                self.needs_token = self.knows_token = False
                self.is_greeted = True
                self.resume = dict(message.resume)
                # Quotes are last-value-wins: whatever was missed, the newest rows make it good.
                return [SendWelcome(), *([SendSnapshot(QUOTES)] if self.watched else [])]
            case Subscribe() | Unsubscribe():
                return self._subscription(message)
            case Refresh():
                return [SendSnapshot(message.scope)]
            case Visibility():
                return [SetHidden(message.hidden)]
            case Ack():
                return [NoteAck(message.scope, message.sequence, message.painted_ms)]
            case Ping():
                return [SendStatus(message.id)]
            case _:
                assert_never(message)

    def forget_portfolio(self, portfolio: str) -> None:
        """The portfolio was refused or taken away: it counts no longer."""
        self.portfolios.discard(portfolio)

    def _subscription(self, message: Subscribe | Unsubscribe) -> list[Command]:
        """Quotes and portfolios of one request are independent; one that names neither asks for the quotes."""
        adds = isinstance(message, Subscribe)
        if adds and len(message.quotes) <= self._limits.symbols and (unsought := self._unsought(message.quotes)):
            return [Seek(unsought)]
        commands: list[Command] = []
        if message.quotes or not message.portfolios:
            commands += self._change(message.quotes, request_id=message.id, adds=adds)
        if message.portfolios and isinstance(message, Subscribe):
            commands += self._more_portfolios(message)
        elif message.portfolios:
            fewer = tuple(_portfolio_ids(message.portfolios))
            self.portfolios.difference_update(fewer)
            commands.append(UnwatchPortfolios(fewer, request_id=message.id))
        return commands

    def _more_portfolios(self, message: Subscribe) -> list[Command]:
        asked = _portfolio_ids(message.portfolios)
        good = tuple(one for one in asked if _PORTFOLIO_ID.match(one))
        limit = self._limits.portfolios
        ids = {portfolio_id(one) for one in self.portfolios.union(good)}
        if len(ids) > limit or max(len(asked), len(self.portfolios.union(good))) > IN_CURRENCIES * limit:
            text = f"Expected at most {limit} portfolios on one socket."
            return [self._error("too_many_portfolios", text, request_id=message.id)]
        self.portfolios.update(good)
        errors: list[Command] = [unknown_portfolio(one, message.id) for one in asked if one not in good]
        return [*errors, WatchPortfolios(good, totals_only=message.totals_only, request_id=message.id)]

    def _change(self, texts: list[str], *, request_id: int, adds: bool) -> list[Command]:
        """What `_changed` says, or the one refusal of a request for too many symbols."""
        try:
            # Each refusal is an answer: one message must not ask for thousands of them.
            self._require_room(len(texts))
            return self._changed(texts, request_id=request_id, adds=adds)
        except ProtocolError as error:
            return [self._error(error.code, error.message, request_id=request_id)]

    def _changed(self, texts: list[str], *, request_id: int, adds: bool) -> list[Command]:
        """The good symbols are taken even where others of the same request are refused; each refusal is said."""
        errors: list[Command] = []
        asked: list[Symbol] = []
        for text in texts:
            try:
                asked.append(self._symbol(text))
            except ProtocolError as error:
                errors.append(self._error_about(text, error, request_id=request_id))
        watched = self.watched | frozenset(asked) if adds else self.watched - frozenset(asked)
        self._require_room(len(watched))
        self.watched = watched
        return [*errors, Watch(symbols=watched, asked=tuple(asked), request_id=request_id)]

    def _error(self, code: str, message: str, *, request_id: int | None = None) -> Reply:
        return Reply(encode(Error(code=_known_code(code), message=message, id=request_id)))

    def _error_about(self, text: str, error: ProtocolError, *, request_id: int) -> Reply:
        told = Error(code=_known_code(error.code), message=error.message, id=request_id, symbol=_named(text, error))
        return Reply(encode(told))


def _portfolio_ids(texts: list[str]) -> dict[str, None]:
    """Without repetitions, each as the engine spells it: the id in small letters, a currency behind it in capitals."""
    parts = (text.strip().lower().partition(IN) for text in texts)
    return dict.fromkeys(id_ + at + currency.upper() for id_, at, currency in parts)


def unknown_portfolio(portfolio: str, request_id: int | None) -> Reply:
    """The answer about a portfolio that is not there and about one that is another's: nobody can tell them apart."""
    id_, _, currency = portfolio[:40].partition(IN)
    without = f", or there is no exchange rate of {currency}" if currency else ""
    message = f"No portfolio of yours has the id {id_}{without}."
    scope = PORTFOLIO + portfolio if _PORTFOLIO_ID.match(portfolio) else None
    return Reply(encode(Error(code="unknown_portfolio", message=message, id=request_id, scope=scope)))


def _plain_error_about(symbol: str, error: ProtocolError) -> Reply:
    return Reply(encode_plain_error(_known_code(error.code), error.message, symbol=_named(symbol, error)))


def _named(symbol: str, error: ProtocolError) -> str | None:
    """The symbol as it was asked for; one too long to be a symbol is not repeated."""
    return symbol.strip().upper() if error.code in _NAMING and len(symbol.strip()) <= MAX_SYMBOL_LENGTH else None


_NAMING = ("invalid_symbol", "unknown_symbol", "feed_unavailable", "too_many_symbols")
_CODES: dict[str, ErrorCode] = {code: code for code in get_args(ErrorCode.__value__)}


def _known_code(code: str) -> ErrorCode:
    return _CODES[code]
