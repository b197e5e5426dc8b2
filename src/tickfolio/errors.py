"""The root of Tickfolio's exceptions.

Every error that the product raises on purpose descends from `TickfolioError` and carries a stable, documented code::

    TickfolioError
    ├── InvalidValue            a value that the domain does not allow (domain)
    │   ├── InvalidSymbol
    │   └── InvalidNumber
    ├── OutsideCalendar         a moment that no session table covers (domain)
    ├── MissingRate             an exchange rate that no source gives for that moment (domain)
    ├── UnknownCost             units whose cost nobody said (domain)
    ├── ImpossibleLedger        transactions that cannot follow one another in an account (domain)
    │   ├── InsufficientQuantity
    │   └── InsufficientLot
    ├── FeedError               a market-data source that cannot be used (feeds)
    │   ├── FeedDataError       its data is not what was expected
    │   ├── FeedUnavailable     it does not answer, or must not be asked now
    │   └── FeedRejected        it refuses the key, or what was asked is not in the subscription
    ├── StatementError          a file of transactions that cannot be read (statements)
    │   ├── UnknownStatement    none of the formats that can be read
    │   ├── EmptyStatement      nothing stands in it
    │   └── StatementTooLarge   more bytes, rows or levels than a file may have
    ├── NoActor                 a query on somebody's rows that does not say who asks (persistence)
    ├── FactIsFinal             a fact was to be changed or deleted (persistence)
    ├── NoDatabaseArithmetic    the database was to compute with exact decimals (persistence)
    ├── NotFound                there is none, or not for who asks (services)
    ├── NotAllowed              a role that is too weak for it (services)
    ├── InvalidDraft            what was typed cannot be booked; says why, field by field (services)
    ├── VersionConflict         what is to be changed was changed meanwhile (services)
    ├── KeyReused               an idempotency key that came with another request before (services)
    ├── ImportNotPossible       a batch that cannot be booked or undone as it stands (services)
    ├── JobCancelled            work that a person waited for and has cancelled (runtime)
    ├── AccountInUse            an account that has transactions cannot be deleted (services)
    ├── LastOwner               a portfolio cannot be left without an owner (services)
    ├── ProtocolError           a socket message that breaks the protocol (live)
    ├── LiveEnded               a server that does not want this client to come back as it is (client)
    ├── BusUnavailable          the bus between processes does not answer (live)
    ├── LeaseLost               another process does by now what this one wanted to write something of (services)
    ├── StartupRefused          the process must not start in this state (runtime)
    └── SafeKeepingError        a backup or a restore that was not done (runtime)
        ├── BackupFailed        no backup was made, or what was made is not what it should be
        ├── BackupUnusable      a file that is no backup, a damaged one, or one of another kind or a newer version
        └── RestoreRefused      the instance must not be restored in this state
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


class TickfolioError(Exception):
    """Root of all errors that are raised on purpose; `code` is stable and documented."""

    code = "tickfolio_error"


class InvalidValue(TickfolioError, ValueError):
    """A value that the domain does not allow."""

    code = "invalid_value"


class InvalidSymbol(InvalidValue):
    """A symbol that is empty, longer than 32 characters or holds other than letters, digits and ``.-=^:/_``."""

    code = "invalid_symbol"


class InvalidNumber(InvalidValue):
    """A number that is not finite, or has more places than its kind allows."""

    code = "invalid_number"


class OutsideCalendar(TickfolioError, LookupError):
    """A moment that no session table covers."""

    code = "outside_calendar"


class MissingRate(TickfolioError, LookupError):
    """An exchange rate that no source gives for that moment; the message is the reason that pages show."""

    code = "missing_rate"


class UnknownCost(TickfolioError, LookupError):
    """Units that were transferred in without what they had cost; the message is the reason that pages show."""

    code = "unknown_cost"


class ImpossibleLedger(TickfolioError):
    """Transactions that cannot follow one another in an account.

    The message says `{when}` where it means the moment of that transaction: the day in UTC, unless it is told in other words.

    Attributes:
        transaction: the id of the one that cannot be, which need not be the one that was just edited.
        at: its moment, where the message speaks of it.
    """

    code = "impossible_ledger"

    def __init__(self, message: str, *, transaction: str, at: datetime | None = None) -> None:
        self._message = message
        self.transaction = transaction
        self.at = at
        super().__init__(self.told("" if at is None else f"on {at:%Y-%m-%d}"))

    def told(self, when: str) -> str:
        """The message with `when`, such as `on 1 December 2009`, for the moment of the transaction."""
        return self._message.replace("{when}", when)


class InsufficientQuantity(ImpossibleLedger):
    """A sale of more than the account holds at that moment; the message names the shortfall."""

    code = "insufficient_quantity"

    def __init__(self, message: str, *, transaction: str, shortfall: Decimal, at: datetime | None = None) -> None:
        super().__init__(message, transaction=transaction, at=at)
        self.shortfall = shortfall


class InsufficientLot(ImpossibleLedger):
    """A lot that a sale or a transfer names holds fewer units at that moment; the message says how many."""

    code = "insufficient_lot"


class FeedError(TickfolioError):
    """A market-data source that cannot be used."""

    code = "feed_error"


class FeedDataError(FeedError):
    """A source's data is not what was expected."""

    code = "feed_data_error"


class FeedUnavailable(FeedError):
    """A source does not answer, or must not be asked now; `retry_after` is how many seconds from now it may be, if known."""

    code = "feed_unavailable"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FeedRejected(FeedError):
    """A source refuses the key, or what was asked is not in the subscription: asking again is of no use."""

    code = "feed_rejected"


class StatementError(TickfolioError):
    """A file of transactions that cannot be read."""

    code = "statement_error"


class UnknownStatement(StatementError):
    """A file in none of the formats that can be read."""

    code = "unknown_statement"


class EmptyStatement(StatementError):
    """A file in which nothing stands: no row, and nothing beside the rows."""

    code = "empty_statement"


class StatementTooLarge(StatementError):
    """A file of more bytes, rows or levels than one may have."""

    code = "statement_too_large"


class NoActor(TickfolioError, RuntimeError):
    """A query on a table whose rows belong to somebody, without saying who asks: a fault of the code, never of a person."""

    code = "no_actor"


class FactIsFinal(TickfolioError, RuntimeError):
    """A fact was to be changed or deleted; facts are appended only."""

    code = "fact_is_final"


class NoDatabaseArithmetic(TickfolioError, TypeError):
    """The database was to compute with exact decimals, which it would not do exactly."""

    code = "no_database_arithmetic"


class NotFound(TickfolioError, LookupError):
    """There is no such thing, or none that who asks may know of: both answer alike."""

    code = "not_found"


class NotAllowed(TickfolioError):
    """The role in a portfolio is too weak for what was asked."""

    code = "not_allowed"


class InvalidDraft(TickfolioError, ValueError):
    """What was typed cannot be booked; `errors` holds a message by the name of the field."""

    code = "invalid_draft"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(f"{field}: {message}" for field, message in errors.items()))
        self.errors = dict(errors)


class VersionConflict(TickfolioError):
    """What is to be changed was changed since it was read; `current_version` is what it is now."""

    code = "version_conflict"

    def __init__(self, *, expected: int, current: int) -> None:
        super().__init__(
            f"Expected to change version {expected}, found version {current}: somebody changed it meanwhile. "
            "Look at the current version and decide again."
        )
        self.current_version = current


class KeyReused(TickfolioError):
    """An idempotency key came with another request before."""

    code = "key_reused"


class ImportNotPossible(TickfolioError):
    """A batch that cannot be booked or undone as it stands; the message says why and what to do."""

    code = "import_not_possible"


class JobCancelled(TickfolioError):
    """A person has cancelled the work that they waited for."""

    code = "job_cancelled"


class AccountInUse(TickfolioError):
    """An account with transactions cannot be deleted."""

    code = "account_in_use"


class LastOwner(TickfolioError):
    """A portfolio cannot be left without an owner."""

    code = "last_owner"


class ProtocolError(TickfolioError):
    """A socket message that breaks the protocol; the socket lives on and is told the code and the message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class LiveEnded(TickfolioError):
    """The server refused the connection, or ended it, and coming back unchanged is of no use.

    Attributes:
        reason: the code of the server's goodbye, ``handshake_refused``, ``invalid_message``, ``unknown_subprotocol``,
            ``untrusted_certificate`` or ``redirected``.
    """

    code = "live_ended"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class BusUnavailable(TickfolioError):
    """The bus between processes does not answer."""

    code = "bus_unavailable"


class LeaseLost(TickfolioError):
    """Another process has taken the lease under which this one wanted to write; nothing was written."""

    code = "lease_lost"


class StartupRefused(TickfolioError):
    """The process must not start in this state; the message says what to do."""

    code = "startup_refused"


class SafeKeepingError(TickfolioError):
    """A backup or a restore that was not done."""

    code = "safe_keeping_error"


class BackupFailed(SafeKeepingError):
    """No backup was made, or what was made is not what it should be."""

    code = "backup_failed"


class BackupUnusable(SafeKeepingError):
    """A file that is no backup, a damaged one, or one of another kind of database or a newer version."""

    code = "backup_unusable"


class RestoreRefused(SafeKeepingError):
    """The instance must not be restored in this state; the message says what to do."""

    code = "restore_refused"
