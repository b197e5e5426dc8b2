"""`tickfolio explain`: any figure of a portfolio as a tree down to its facts."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from tickfolio.domain.calendars import parse_moment
from tickfolio.domain.explain.nodes import node_at
from tickfolio.domain.explain.printing import as_data, as_lines, shown
from tickfolio.errors import InvalidValue, StartupRefused, TickfolioError
from tickfolio.persistence.tenancy import System
from tickfolio.runtime import startup_checks
from tickfolio.services.explanations import FIGURES, PARAMS, Asked, explanation_of, usual_depth
from tickfolio.services.portfolios import portfolios_of

OPERATOR = System("explain command")
MOST_NODES = 10_000


class Command(BaseCommand):
    """For who keeps the server: it sees every portfolio."""

    help = "Explains a figure of a portfolio: its formula, what it is made of, and the facts at the end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("portfolio", metavar="PORTFOLIO", help="its id, or its name where that is of one only")
        parser.add_argument("figure", metavar="FIGURE", choices=FIGURES, help=f"one of {', '.join(FIGURES)}")
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")
        parser.add_argument("--span", metavar="SPAN", help="1d, 1w, mtd, ytd, 1y, 3y, 5y or all, for figures of a span")
        parser.add_argument("--from", metavar="DAY", dest="first", help="the first day of a span of one's choice")
        parser.add_argument("--to", metavar="DAY", dest="last", help="its last day")
        parser.add_argument("--as-of", metavar="DAY", help="the end of a finished day, for figures of a moment")
        parser.add_argument("--known-at", metavar="TIME", help="by what had been recorded then: 2012-05-21T14:00:00Z")
        parser.add_argument("--year", metavar="YEAR", help="of the gains report, or all")
        parser.add_argument("--account", metavar="ID", help="of one account")
        parser.add_argument("--row", metavar="KEY", help="of one row, as the page names it")
        parser.add_argument("--symbol", metavar="SYMBOL", help="of one instrument")
        parser.add_argument(
            "--class", metavar="CLASS", dest="instrument_class", help="of one class, such as equity or cash"
        )
        parser.add_argument("--currency", metavar="CODE", help="of what is in one currency")
        parser.add_argument("--lot", metavar="KEY", help="of one closed lot, as the gains report names it")
        parser.add_argument("--against", metavar="SYMBOL", help="the benchmark, for figures beside one")
        parser.add_argument("--depth", type=int, metavar="N", help="how many levels are printed")
        parser.add_argument("--path", metavar="PATH", default="", help="the node to begin at, such as 0.2")
        parser.add_argument("--json", action="store_true", dest="as_json", help="as JSON instead of text")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints the tree."""
        try:
            startup_checks.refuse_lost_database(settings.TICKFOLIO_DATA, connection)
            startup_checks.refuse_pending_migrations(connection)
            self._explain(options)
        except StartupRefused as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        except TickfolioError as error:
            raise CommandError(str(error)) from None

    def _explain(self, options: dict[str, Any]) -> None:
        asked = Asked(options["figure"], {name: text for name, text in _params(options).items() if text})
        known_at = options["known_at"]
        found = explanation_of(
            actor=OPERATOR,
            portfolio_id=_portfolio(options["portfolio"]),
            asked=asked,
            known_by=parse_moment(known_at) if known_at else None,
        )
        depth = usual_depth(asked.figure) if options["depth"] is None else options["depth"]
        path = options["path"]
        tree = shown(node_at(found.tree, path), depth=depth, path=path, most=MOST_NODES)
        if options["as_json"]:
            self.stdout.write(json.dumps(as_data(tree), ensure_ascii=False, indent=2))
            return
        for line in as_lines(tree):
            self.stdout.write(line)
        self.stdout.write(f"As of {found.frozen.at:%Y-%m-%d %H:%M:%S}Z, ledger {found.frozen.known.head}")


def _params(options: dict[str, Any]) -> dict[str, str | None]:
    names = {"from": "first", "to": "last", "class": "instrument_class"}
    return {name: options[names.get(name, name)] for name in PARAMS}


def _portfolio(named: str) -> str:
    """The id of the one that is named."""
    known = portfolios_of(actor=OPERATOR)
    found = [each.id for each in known if named in (each.id, each.name)]
    if len(found) != 1:
        how_many = "none" if not found else f"{len(found)}, so give the id: {', '.join(found)}"
        raise InvalidValue(f"Expected the id or the name of one portfolio, found {how_many}.")
    return found[0]
