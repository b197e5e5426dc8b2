"""The list of exchanges in the reference is that of the tables."""

from tests.docs.pages import ROOT
from tickfolio.domain.calendars import CONTINUOUS, CURRENCY_WEEK
from tickfolio.runtime.calendars import WARN_WITHIN, shipped_tables

PAGE = (ROOT / "docs/reference/exchanges.md").read_text(encoding="utf-8")
HEADING = "| MIC | exchange | zone | hours | known from | known until |"


def test_every_table_is_listed_with_its_zone_its_hours_and_its_days() -> None:
    _, _, listed = PAGE.partition(f"{HEADING}\n")
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in listed.splitlines()[1:]]
    assert rows == [
        [
            ", ".join(f"`{mic}`" for mic in table.mics),
            table.head.name,
            table.head.zone.key,
            table.hours,
            table.head.starts.isoformat(),
            table.head.expires.isoformat(),
        ]
        for table in shipped_tables().values()
    ]


def test_what_needs_no_table_is_described() -> None:
    assert f"| `{CONTINUOUS}` |" in PAGE
    assert f"| `{CURRENCY_WEEK}` |" in PAGE
    assert f"runs out within {WARN_WITHIN.days} days" in PAGE
