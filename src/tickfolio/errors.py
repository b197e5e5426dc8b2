"""The root of Tickfolio's exceptions.

Every error that the product raises on purpose descends from `TickfolioError` and carries a stable, documented code::

    TickfolioError
    ├── InvalidValue            a value that the domain does not allow (domain)
    │   ├── InvalidSymbol
    │   └── InvalidNumber
    ├── OutsideCalendar         a moment that no session table covers (domain)
    ├── FeedError               a market-data source that cannot be used (feeds)
    │   └── FeedDataError       its data is not what was expected
    ├── ProtocolError           a socket message that breaks the protocol (live)
    ├── BusUnavailable          the bus between processes does not answer (live)
    ├── StartupRefused          the process must not start in this state (runtime)
    └── SafeKeepingError        a backup or a restore that was not done (runtime)
        ├── BackupFailed        no backup was made, or what was made is not what it should be
        ├── BackupUnusable      a file that is no backup, a damaged one, or one of another kind or a newer version
        └── RestoreRefused      the instance must not be restored in this state
"""


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


class FeedError(TickfolioError):
    """A market-data source that cannot be used."""

    code = "feed_error"


class FeedDataError(FeedError):
    """A source's data is not what was expected."""

    code = "feed_data_error"


class ProtocolError(TickfolioError):
    """A socket message that breaks the protocol; the socket lives on and is told the code and the message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class BusUnavailable(TickfolioError):
    """The bus between processes does not answer."""

    code = "bus_unavailable"


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
