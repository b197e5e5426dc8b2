"""`tickfolio routes`: the feeds of single instruments, where they have an order of their own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.console.names import OPERATOR
from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.errors import TickfolioError
from tickfolio.services.feed_orders import OwnOrder, feed_order_change, named_feeds, own_orders


class Command(InstanceCommand):
    """The running server follows within seconds."""

    help = (
        "Tells which instruments have an order of feeds of their own, gives one to an instrument, or takes it back. All others "
        "follow the order of the instance."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--symbol", metavar="SYMBOL", help="of one instrument only")
        parser.add_argument(
            "--order",
            metavar="FEEDS",
            help="its feeds, the preferred one first, with commas between them; '' for those of the instance again",
        )
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")

    def handle(self, *_args: Any, symbol: str | None, order: str | None, **_options: Any) -> None:
        """Changes what was asked for, and tells how it is."""
        try:
            self._do(None if symbol is None else normalise_symbol(symbol), order)
        except TickfolioError as error:
            raise CommandError(str(error)) from None

    def _do(self, symbol: Symbol | None, order: str | None) -> None:
        if order is None:
            self._list(symbol)
        elif symbol is None:
            raise CommandError("Expected --symbol with --order, was none.")
        else:
            changed = feed_order_change(actor=OPERATOR, symbol=symbol, feeds=named_feeds(order))
            self.stdout.write(_line(changed) if changed.feeds else f"{changed.symbol}: as the instance.")

    def _list(self, symbol: Symbol | None) -> None:
        found = [each for each in own_orders() if symbol in (None, each.symbol)]
        for each in found:
            self.stdout.write(_line(each))
        if not found:
            who = "No instrument has" if symbol is None else f"{symbol} does not have"
            self.stdout.write(f"{who} an order of its own.")


def _line(each: OwnOrder) -> str:
    unused = f" Not among the feeds of this instance now: {', '.join(each.unused)}." if each.unused else ""
    return f"{each.symbol}: {', '.join(each.feeds)}.{unused}"
