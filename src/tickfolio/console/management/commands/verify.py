"""`tickfolio verify`: everything derived compared with what facts say, and facts with one another."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.console.names import portfolio_named
from tickfolio.errors import TickfolioError
from tickfolio.services.derived_tables import DERIVED_TABLES
from tickfolio.services.fact_checks import FACT_TABLES
from tickfolio.services.verification import Mismatch, Verification, verify

MOST_SHOWN = 100
TABLES = sorted([*(table.name for table in DERIVED_TABLES), *FACT_TABLES])


class Command(InstanceCommand):
    """Reads only."""

    help = (
        "Works out all that is derived from facts and compares it with what is stored, and looks whether facts fit one another. "
        "Writes nothing; the exit code is 1 where something does not fit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "portfolio", nargs="?", metavar="PORTFOLIO", help="the id or the name of one; all where left out"
        )
        parser.add_argument("--json", action="store_true", help="print a JSON document instead of lines")
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")

    def handle(self, *_args: Any, portfolio: str | None, json: bool, **_options: Any) -> None:
        """Says what was compared and what does not fit."""
        try:
            found = verify(portfolio_ids=None if portfolio is None else [portfolio_named(portfolio).id])
        except TickfolioError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_document(found) if json else _text(found))
        if found.mismatches or found.unsettled:
            sys.exit(1)


def _document(found: Verification) -> str:
    return json.dumps(
        {
            "portfolios": found.portfolios,
            "tables": {table: {"rows": found.rows[table], "values": found.values[table]} for table in TABLES},
            "mismatches": [asdict(each) for each in found.mismatches],
            "unsettled": found.unsettled,
        },
        indent=2,
    )


def _text(found: Verification) -> str:
    lines = [f"{'table':<20} {'rows':>12} {'values':>14} {'mismatches':>12}"]
    for table in TABLES:
        wrong = sum(each.table == table for each in found.mismatches)
        values = f"{found.values[table]:,}" if table not in FACT_TABLES else "facts"
        lines.append(f"{table:<20} {found.rows[table]:>12,} {values:>14} {wrong:>12,}")
    lines += [_line(each) for each in found.mismatches[:MOST_SHOWN]]
    if len(found.mismatches) > MOST_SHOWN:
        lines.append(f"… and {len(found.mismatches) - MOST_SHOWN:,} more; --json lists all.")
    lines += [f"{each}: somebody kept writing in it, so nothing can be said. Try again." for each in found.unsettled]
    portfolios = "1 portfolio" if found.portfolios == 1 else f"{found.portfolios} portfolios"
    lines.append(
        f"{portfolios}: {len(found.mismatches):,} values are not what facts say."
        if found.mismatches
        else f"{portfolios}: all that is derived is what facts say."
    )
    return "\n".join(lines)


def _line(each: Mismatch) -> str:
    row = each.key if each.key == each.portfolio else f"{each.key} of portfolio {each.portfolio}"
    return f"{each.table} {row}, {each.column or 'ledger'}: expected {each.expected or 'nothing'}, found {each.found or 'nothing'}"
