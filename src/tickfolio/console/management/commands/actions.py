"""`tickfolio actions`: corporate actions of instruments, recorded, corrected, withdrawn and listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import normalise_symbol
from tickfolio.domain.money import plain
from tickfolio.errors import TickfolioError
from tickfolio.persistence.selectors.actions import OPERATOR, RecordedAction, chosen_actions
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.corporate_actions import actions_of, actions_record, actions_withdraw, currency_of
from tickfolio.statements.scenario.actions import MAX_BYTES, read_actions

_SHOWN = ("new", "old", "amount", "currency", "pay_date", "new_symbol", "cost_share")
WITHDRAWING = (
    "What the file has is withdrawn for everybody, whatever a feed says: a correction goes, and what the feed said before it "
    "does not come back by itself."
)


class Command(InstanceCommand):
    """Every portfolio that holds an instrument follows what is recorded here of it."""

    help = "Records corporate actions from a JSON file, withdraws them, or lists those that are known."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a JSON list, as in docs/reference/scenario-format.md")
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")
        parser.add_argument("--withdraw", action="store_true", help="what the file has never was, whatever a feed says")
        parser.add_argument("--symbol", metavar="SYMBOL", help="list those of one instrument only")

    def handle(self, *_args: Any, file: Path | None, withdraw: bool, symbol: str | None, **_options: Any) -> None:
        """Records the file or, without one, lists."""
        try:
            if file is None:
                self._list(symbol, withdraw=withdraw)
            else:
                self._record(file, withdraw=withdraw)
        except TickfolioError as error:
            raise CommandError(str(error)) from None

    def _record(self, file: Path, *, withdraw: bool) -> None:
        actions = read_actions(_content(file), currency_of=currency_of)
        at = SystemClock().now()
        if withdraw:
            self.stdout.write(WITHDRAWING)
        record = actions_withdraw if withdraw else _recorded
        count = record(actions=actions, at=at)
        done, same = ("withdrawn" if withdraw else "recorded"), len(actions) - count
        self.stdout.write(f"{count} {done}, {same} known already.")
        if withdraw:
            self.stdout.write(f"To have one back, record it again: tickfolio actions {file}")

    def _list(self, symbol: str | None, *, withdraw: bool) -> None:
        if withdraw:
            raise CommandError("Expected a file with what is to be withdrawn, was none.")
        found = actions_of(symbol=None if symbol is None else normalise_symbol(symbol))
        deciding = {id(each) for each in chosen_actions(found)}
        for each in found:
            self.stdout.write(_line(each, decides=id(each) in deciding))
        if not found:
            self.stdout.write("No corporate action is known.")


def _content(file: Path) -> bytes:
    """What stands in the file. Only reading it is a matter of the file: output that nobody reads is an OSError, too."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"Expected a file that can be read, found: {error.strerror or error}.") from None


def _recorded(*, actions: Iterable[CorporateAction], at: datetime) -> int:
    return actions_record(actions=actions, source=OPERATOR, at=at)


def _line(each: RecordedAction, *, decides: bool) -> str:
    action = each.fact.action
    parts = {name: getattr(action, name) for name in _SHOWN if getattr(action, name, None) not in (None, "")}
    told = " ".join(f"{name}={_plain(part)}" for name, part in parts.items())
    return f"{action.ex_date} {action.symbol} {each.kind} {told} ({each.source}, version {each.version}: {_state(each, decides)})"


def _state(each: RecordedAction, decides: bool) -> str:
    if not decides:
        return "does not count, another goes before"
    return "withdrawn, none counts" if each.is_withdrawn else "counts"


def _plain(part: object) -> str:
    return plain(part) if isinstance(part, Decimal) else str(part)
