"""Ghostfolio's CSV: ``Date,Code,DataSource,Currency,Price,Quantity,Action,Fee,Note``, DataSource and Note at will.

**Source**: docs/reference/file-format.md, section Ghostfolio; samples as in activities.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tickfolio.errors import InvalidValue, TickfolioError, UnknownStatement
from tickfolio.statements.activities import DIVIDEND_FEE, Activity, entry_from
from tickfolio.statements.conventions import Conventions, Undecided, conventions
from tickfolio.statements.delimited import SEPARATORS, Record, Table
from tickfolio.statements.rows import (
    Entry,
    Format,
    InstrumentFacts,
    Reading,
    Refusal,
    Statement,
    StatementRow,
    Subject,
    shortened,
)
from tickfolio.words import phrase

_NEEDED = ("date", "code", "currency", "price", "quantity", "action", "fee")
_KNOWN = (*_NEEDED, "datasource", "note", "account")
_NUMBERS = ("price", "quantity", "fee")
_BY_HAND = "MANUAL"


def is_column(name: str) -> bool:
    """Whether a heading's name is one of this format's."""
    return name.strip().lower() in _KNOWN


def is_heading(heading: Sequence[str]) -> bool:
    """Whether a table with this heading is Ghostfolio's."""
    return {name.lower() for name in heading}.issuperset(_NEEDED)


def read(table: Table, reading: Reading) -> Statement:
    """The statement in `table`.

    Raises:
        UnknownStatement: its heading is another one.
    """
    if not is_heading(table.heading):
        raise UnknownStatement(
            phrase(
                "Expected the columns {needed}, was {heading}.",
                needed=", ".join(_NEEDED),
                heading=repr(shortened(", ".join(table.heading), limit=100)),
            )
        )
    places = {name.lower(): index for index, name in reversed(list(enumerate(table.heading)))}
    records = [record for record in table.records if record.cells]
    spelling = conventions(
        reading,
        numbers=(record.cells[places[name]] for record in records for name in _NUMBERS),
        days=(record.cells[places["date"]] for record in records),
    )
    rows = tuple(_row(record, places, spelling, reading) for record in table.records)
    entries = [row.outcome for row in rows if isinstance(row.outcome, Entry)]
    asks = {row.outcome.asks for row in rows if isinstance(row.outcome, Refusal)}
    unread = [name for name in table.heading if name.lower() not in _KNOWN]
    return Statement(
        format=Format.GHOSTFOLIO_CSV,
        rows=rows,
        manner="; ".join(
            [phrase("{separators} between columns", separators=SEPARATORS[table.separator]), *spelling.words]
        ),
        accounts=dict.fromkeys(sorted({entry.account for entry in entries}), ""),
        instruments={symbol: InstrumentFacts() for symbol in sorted({entry.symbol for entry in entries} - {""})},
        questions=(*spelling.questions, *((DIVIDEND_FEE,) if Subject.DIVIDEND_FEE in asks else ())),
        notices=(phrase("Columns that are not read: {unread}.", unread=shortened(", ".join(unread), limit=300)),)
        if unread
        else (),
    )


def _row(record: Record, places: Mapping[str, int], spelling: Conventions, reading: Reading) -> StatementRow:
    """The row of one record: a bad one costs nothing but itself."""
    if record.trouble:
        return StatementRow(record.line, record.raw, Refusal(record.trouble))
    cells = {name: record.cells[place].strip() for name, place in places.items() if name in _KNOWN}
    try:
        activity = Activity(
            kind=cells["action"],
            at=spelling.moment(cells["date"]),
            account=cells.get("account", ""),
            symbol=cells["code"],
            currency=cells["currency"],
            quantity=_number(cells, "quantity", spelling),
            price=_number(cells, "price", spelling),
            fee=_number(cells, "fee", spelling),
            note=cells.get("note", ""),
            is_by_hand=cells.get("datasource", "").upper() == _BY_HAND,
        )
        entry, remark = entry_from(activity, dividend_fee=reading.dividend_fee)
    except Undecided as undecided:
        return StatementRow(record.line, record.raw, Refusal(str(undecided), asks=undecided.subject))
    except TickfolioError as error:
        return StatementRow(record.line, record.raw, Refusal(str(error)))
    return StatementRow(record.line, record.raw, entry, remark)


def _number(cells: Mapping[str, str], name: str, spelling: Conventions) -> Decimal:
    """A number; an empty cell is zero."""
    try:
        return spelling.number(cells[name]) if cells[name] else Decimal(0)
    except InvalidValue as error:
        raise InvalidValue(f"{name.capitalize()}: {error}") from error
