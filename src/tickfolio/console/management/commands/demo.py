"""`tickfolio demo`: the demo's owner and portfolios, where a start of the demo has not made them, or made anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.services.demo import demo_begin_again, demo_seed, refuse_no_demo


class Command(InstanceCommand):
    """Makes what a first start of the demo makes."""

    help = "Makes the demo's owner and portfolios, which a first start of the demo does by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")
        parser.add_argument(
            "--again", action="store_true", help="take the portfolios of the demo's owner away, and make them anew"
        )

    def handle(self, *_args: Any, again: bool, **_options: Any) -> None:
        """Makes them, and says how many transactions there are."""
        refuse_no_demo()
        booked = demo_begin_again() if again else demo_seed()
        if booked:
            self.stdout.write(f"The demo has {booked} transactions in two portfolios.")
        else:
            self.stdout.write(
                "The demo has its owner already. To make their portfolios anew, run `tickfolio demo --again`."
            )
