"""What pages call the values that code knows by a word of its own: the parts of a day, dimensions, roles, themes."""

from __future__ import annotations

from tickfolio.words import marked_phrase, phrase

_SAID = (
    marked_phrase("Price"),
    marked_phrase("Trading"),
    marked_phrase("Currency"),
    marked_phrase("Income"),
    marked_phrase("Fees"),
    marked_phrase("Taxes"),
    marked_phrase("price"),
    marked_phrase("trading"),
    marked_phrase("currency"),
    marked_phrase("income"),
    marked_phrase("fees"),
    marked_phrase("taxes"),
    marked_phrase("Holding"),
    marked_phrase("Account"),
    marked_phrase("Class"),
    marked_phrase("Sector"),
    marked_phrase("Country"),
    marked_phrase("Tag"),
    marked_phrase("holding"),
    marked_phrase("account"),
    marked_phrase("class"),
    marked_phrase("sector"),
    marked_phrase("country"),
    marked_phrase("tag"),
    marked_phrase("Viewer"),
    marked_phrase("Editor"),
    marked_phrase("Owner"),
    marked_phrase("viewer"),
    marked_phrase("editor"),
    marked_phrase("owner"),
    marked_phrase("as the system"),
    marked_phrase("light"),
    marked_phrase("dark"),
)


def named(value: str) -> str:
    """The name of a value in the reader's language, with a capital where `value` has one.

    >>> named("trading"), named("Class")
    ('trading', 'Class')
    """
    return phrase(value)
