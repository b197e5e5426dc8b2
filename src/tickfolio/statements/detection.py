"""From the bytes of a file to its statement: which of the formats it is, then what it says."""

from __future__ import annotations

from dataclasses import replace

from tickfolio.errors import EmptyStatement, UnknownStatement
from tickfolio.statements import ghostfolio_csv, ghostfolio_json, tickfolio_csv, tickfolio_json
from tickfolio.statements.beside import NOTHING
from tickfolio.statements.delimited import read_table
from tickfolio.statements.encoding import decoded
from tickfolio.statements.json_document import members as members_of
from tickfolio.statements.rows import Format, Reading, Statement, shortened
from tickfolio.words import phrase


def read_statement(content: bytes, *, reading: Reading | None = None) -> Statement:
    """What the file says. Each of its rows is there: read, or with the reason why it cannot be.

    Raises:
        UnknownStatement: it is in none of the formats, or not in the one that `reading` states.
        EmptyStatement: nothing stands in it.
        StatementTooLarge: it has more bytes, rows or levels than a file may have.
        StatementError: it cannot be read as text, table or JSON.
    """
    reading = reading or Reading()
    text, encoding = decoded(content)
    statement = _of_json(text, reading) if text.lstrip()[:1] in ("{", "[") else _of_table(text, reading)
    if not statement.rows and statement.beside == NOTHING:
        raise EmptyStatement(phrase("Expected rows below the heading, were none."))
    return replace(statement, manner="; ".join(str(part) for part in (encoding, statement.manner) if part))


def _of_json(text: str, reading: Reading) -> Statement:
    _refuse_other(reading, Format.TICKFOLIO_JSON, Format.GHOSTFOLIO_JSON, kind="JSON")
    members = members_of(text)
    if reading.format is Format.GHOSTFOLIO_JSON or (reading.format is None and ghostfolio_json.is_document(members)):
        return ghostfolio_json.read(members, reading)
    if reading.format is Format.TICKFOLIO_JSON or tickfolio_json.is_document(members):
        return tickfolio_json.read(members)
    raise UnknownStatement(
        phrase(
            'Expected "format": "tickfolio" with transactions, or a list of activities as Ghostfolio writes '
            "it, was an object with {value}.",
            value=shortened(", ".join(members) or "nothing", limit=80),
        )
    )


def _of_table(text: str, reading: Reading) -> Statement:
    _refuse_other(reading, Format.TICKFOLIO_CSV, Format.GHOSTFOLIO_CSV, kind="a table")
    table = read_table(text, separator=reading.separator, is_known=_is_known)
    is_ghostfolio = reading.format is None and ghostfolio_csv.is_heading(table.heading)
    if is_ghostfolio or reading.format is Format.GHOSTFOLIO_CSV:
        return ghostfolio_csv.read(table, reading)
    return tickfolio_csv.read(table, reading)


def _is_known(name: str) -> bool:
    return tickfolio_csv.is_column(name) or ghostfolio_csv.is_column(name)


def _refuse_other(reading: Reading, *formats: Format, kind: str) -> None:
    if reading.format is not None and reading.format not in formats:
        raise UnknownStatement(
            phrase("Expected {replace}, was {kind}.", replace=reading.format.value.replace("_", " as "), kind=kind)
        )
