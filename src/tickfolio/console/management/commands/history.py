"""`tickfolio history`: how far finished days have been fetched, fetched anew, or no more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.errors import TickfolioError
from tickfolio.services.history_progress import HistoryCounts, HistoryProgress, history_progress
from tickfolio.services.history_tasks import history_again, history_cancel


class Command(InstanceCommand):
    """The running server follows within half a minute."""

    help = (
        "Tells how far the finished days of each instrument have been fetched from the feeds; has them fetched anew, or stops "
        "fetching them. What was recorded stays in any case."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--symbol", metavar="SYMBOL", help="of one instrument only")
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--again", action="store_true", help="fetch from the first day on again")
        what.add_argument("--cancel", action="store_true", help="fetch no more, until --again")

    def handle(self, *_args: Any, symbol: str | None, again: bool, cancel: bool, **_options: Any) -> None:
        """Does what was asked for and tells how far each has come."""
        try:
            self._tell(None if symbol is None else normalise_symbol(symbol), again=again, cancel=cancel)
        except TickfolioError as error:
            raise CommandError(str(error)) from None

    def _tell(self, symbol: Symbol | None, *, again: bool, cancel: bool) -> None:
        if symbol is not None and not history_progress(symbol=symbol).instruments:
            raise CommandError(f"Expected an instrument whose days are fetched, was {symbol}.")
        if again:
            self.stdout.write(f"{history_again(symbol=symbol)} will be fetched anew.")
        if cancel:
            self.stdout.write(f"{history_cancel(symbol=symbol)} will be fetched no more.")
        found = history_progress(symbol=symbol, with_last_days=True)
        for each in found.instruments:
            self.stdout.write(_line(each))
        self.stdout.write(_counts(found.counts) if found.instruments else "No history has been asked for yet.")


def _line(each: HistoryProgress) -> str:
    until = "nothing yet" if each.last_day is None else f"{each.days:,} days up to {each.last_day}"
    asked = "" if each.fetched_until is None else f", asked up to {each.fetched_until}"
    waits = "" if each.try_after is None else f" Not before {each.try_after:%Y-%m-%d %H:%M} UTC."
    return f"{each.symbol}: {each.state}, {until} since {each.since}{asked}. {each.message}{waits}".rstrip()


def _counts(counts: HistoryCounts) -> str:
    return (
        f"{counts.done} done, {counts.waiting} waiting, {counts.failed} failed, {counts.cancelled} cancelled; "
        f"{counts.days:,} days in all."
    )
