"""`tickfolio explain`: any figure of a portfolio as a tree down to its facts."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.console.names import OPERATOR, account_named, portfolio_named
from tickfolio.domain.calendars import parse_moment
from tickfolio.domain.explain.nodes import node_at
from tickfolio.domain.explain.printing import MOST_DEPTH, as_lines, shown
from tickfolio.errors import InvalidValue, TickfolioError
from tickfolio.services.explanations import FIGURES, PARAMS, Asked, explanation_of, usual_depth
from tickfolio.services.figure_documents import document_of

MOST_NODES = 10_000


class Command(InstanceCommand):
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
        parser.add_argument(
            "--known",
            "--known-at",
            metavar="TIME",
            dest="known",
            help="by what had been recorded then: 2012-05-21T14:00:00Z",
        )
        parser.add_argument("--year", metavar="YEAR", help="of the gains report, or all")
        parser.add_argument("--account", metavar="ACCOUNT", help="of one account: its id or its name")
        parser.add_argument("--row", metavar="KEY", help="of one row, as the page names it")
        parser.add_argument("--symbol", metavar="SYMBOL", help="of one instrument")
        parser.add_argument(
            "--class", metavar="CLASS", dest="instrument_class", help="of one class, such as equity or cash"
        )
        parser.add_argument("--currency", metavar="CODE", help="of what is in one currency")
        parser.add_argument("--lot", metavar="KEY", help="of one closed lot, as the gains report names it")
        parser.add_argument("--against", metavar="SYMBOL", help="the benchmark, for figures beside one")
        parser.add_argument("--depth", type=int, metavar="N", help=f"how many levels are printed, 0 to {MOST_DEPTH}")
        parser.add_argument("--path", metavar="PATH", default="", help="the node to begin at, such as 0.2")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="as the JSON of the address, instead of text"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints the tree."""
        try:
            self._explain(options)
        except TickfolioError as error:
            raise CommandError(str(error)) from None

    def _explain(self, options: dict[str, Any]) -> None:
        depth, known = _depth(options), options["known"]
        portfolio = portfolio_named(options["portfolio"])
        params = {name: text for name, text in _params(options).items() if text}
        if account := params.get("account"):
            params["account"] = account_named(account, portfolio)
        found = explanation_of(
            actor=OPERATOR,
            portfolio_id=portfolio.id,
            asked=Asked(options["figure"], params),
            known_by=parse_moment(known) if known else None,
        )
        path = options["path"]
        tree = shown(node_at(found.tree, path), depth=depth, path=path, most=MOST_NODES)
        if options["as_json"]:
            self.stdout.write(json.dumps(document_of(found, tree), ensure_ascii=False, indent=2))
            return
        for line in as_lines(tree):
            self.stdout.write(line)
        self.stdout.write(f"As of {found.frozen.at:%Y-%m-%d %H:%M:%S}Z, ledger {found.frozen.known.head}")


def _params(options: dict[str, Any]) -> dict[str, str | None]:
    names = {"from": "first", "to": "last", "class": "instrument_class"}
    return {name: options[names.get(name, name)] for name in PARAMS}


def _depth(options: dict[str, Any]) -> int:
    depth: int | None = options["depth"]
    if depth is None:
        return usual_depth(options["figure"])
    if not 0 <= depth <= MOST_DEPTH:
        raise InvalidValue(f"Expected a depth from 0 to {MOST_DEPTH}, was {depth}.")
    return depth
