"""`tickfolio rebuild`: everything derived dropped, and worked out again from facts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.console.names import portfolio_named
from tickfolio.errors import TickfolioError
from tickfolio.services.rebuilding import Rebuilt, rebuild, rebuild_all


class Command(InstanceCommand):
    """What comes back is to the byte what it was, or what it was was wrong."""

    help = (
        "Drops all that is derived from facts, such as the stored days of portfolios and the headers of transactions, and works "
        "it out again. Nothing that anybody entered is touched. It may run while Tickfolio does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "portfolio", nargs="?", metavar="PORTFOLIO", help="the id or the name of one; all where left out"
        )
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")

    def handle(self, *_args: Any, portfolio: str | None, **_options: Any) -> None:
        """Says of each portfolio what came of it."""
        try:
            found = rebuild_all() if portfolio is None else iter([rebuild(portfolio_id=portfolio_named(portfolio).id)])
            count = changed = 0
            for each in found:
                count, changed = count + 1, changed + (not each.is_same)
                self.stdout.write(_line(each))
        except TickfolioError as error:
            raise CommandError(str(error)) from None
        portfolios = "1 portfolio" if count == 1 else f"{count} portfolios"
        self.stdout.write(f"Rebuilt {portfolios}; {changed or 'none'} had something else stored before.")


def _line(each: Rebuilt) -> str:
    what = "the same as before" if each.is_same else "not what was stored before"
    days = each.refusal or f"{each.days:,} days"
    return f"{each.portfolio_id}: {each.transactions:,} transactions, {days}; {what} (sha256 {each.digest[:16]})"
