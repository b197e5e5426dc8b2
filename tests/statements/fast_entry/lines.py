"""Lines as two people type them: one writes 12.5, the other 12,5."""

from datetime import date

from tickfolio.statements.fast_entry.line import Ground, Line
from tickfolio.statements.fast_entry.reading import read_line

TODAY = date(2026, 4, 20)
"""A Monday."""
ACCOUNTS = [("a1", "Northbank"), ("a2", "Harbor Light"), ("a3", "Northern Star")]
CURRENCIES = frozenset({"EUR", "USD", "CHF", "GBP", "JPY"})
ENGLISH = Ground(today=TODAY, accounts=ACCOUNTS, currencies=CURRENCIES, mark=".")
GERMAN = Ground(today=TODAY, accounts=ACCOUNTS, currencies=CURRENCIES, mark=",")


def read(text: str, ground: Ground = ENGLISH) -> Line:
    """A line of somebody who writes numbers as `ground` has it."""
    return read_line(text, ground=ground)


def said(text: str, ground: Ground = ENGLISH) -> dict[str, str]:
    """What is right in a line, as text by the kind of part."""
    return {
        kind.value: f"{value} {currency}".strip() for kind, (value, currency) in read(text, ground).values().items()
    }


def wrong(text: str, ground: Ground = ENGLISH) -> list[str]:
    """What is wrong with it or missing."""
    line = read(text, ground)
    return [part.fault for part in line.parts if part.fault] + [missing.fault for missing in line.missing]
