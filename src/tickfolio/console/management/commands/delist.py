"""`tickfolio delist`: the instruments that are traded no more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.console.names import OPERATOR
from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.errors import TickfolioError
from tickfolio.services.delistings import Delisting, delisting_record, delisting_undo, delistings


class Command(InstanceCommand):
    """The running server follows within seconds."""

    help = (
        "Tells which instruments are traded no more, marks one, or takes that back. What was delisted is asked for no more; its "
        "last price stays, with its day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--symbol", metavar="SYMBOL", help="of one instrument only")
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--since", metavar="DAY", help="the first day without trading, as in 2026-11-20")
        what.add_argument("--undo", action="store_true", help="it is traded after all")

    def handle(self, *_args: Any, symbol: str | None, since: str | None, undo: bool, **_options: Any) -> None:
        """Changes what was asked for, and tells how it is."""
        try:
            wanted = None if symbol is None else normalise_symbol(symbol)
            if since is None and not undo:
                self._list(wanted)
            elif wanted is None:
                raise CommandError("Expected --symbol with --since or --undo, was none.")
            else:
                self.stdout.write(_undone(wanted) if since is None else _recorded(wanted, since))
        except TickfolioError as error:
            raise CommandError(str(error)) from None

    def _list(self, symbol: Symbol | None) -> None:
        found = [each for each in delistings() if symbol in (None, each.symbol)]
        for each in found:
            self.stdout.write(_line(each))
        if not found:
            self.stdout.write("No instrument is marked as delisted." if symbol is None else f"{symbol} is not marked.")


def _recorded(symbol: Symbol, since: str) -> str:
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise CommandError(f"Expected a day as in 2026-11-20, was {since[:40]!r}.") from None
    return _line(delisting_record(actor=OPERATOR, symbol=symbol, since=day))


def _undone(symbol: Symbol) -> str:
    return f"{symbol}: {'traded again.' if delisting_undo(actor=OPERATOR, symbol=symbol) else 'was not marked.'}"


def _line(each: Delisting) -> str:
    return f"{each.symbol}: traded no more since {each.since} ({each.name})."
