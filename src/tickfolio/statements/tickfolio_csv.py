"""Tickfolio's own CSV: read with any of its columns and under many names, written with all of them.

**Source**: docs/reference/file-format.md, section CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from tickfolio.domain.money import plain
from tickfolio.errors import InvalidValue, TickfolioError, UnknownStatement
from tickfolio.statements.account_methods import method_text, options_from
from tickfolio.statements.conventions import STATED, Conventions, Undecided, conventions
from tickfolio.statements.currencies import stated_currency
from tickfolio.statements.delimited import SEPARATORS, Record, Table
from tickfolio.statements.fields import CONTRACT, FIELDS, NUMBERS, VERSION, entry_of, note_remark
from tickfolio.statements.instrument_facts import contradiction, facts_of, merged, require_one_scale
from tickfolio.statements.lot_cells import lots_text
from tickfolio.statements.rows import (
    Entry,
    Format,
    InstrumentFacts,
    Reading,
    Refusal,
    Statement,
    StatementRow,
    shortened,
)
from tickfolio.statements.spreadsheet_cells import escaped, line_of, unescaped
from tickfolio.words import phrase

VERSION_COLUMN = "tickfolio"
COLUMNS = (VERSION_COLUMN, *FIELDS)
ALIASES: Mapping[str, tuple[str, ...]] = {
    "at": ("at", "date", "tradedate"),
    "symbol": ("symbol", "code", "ticker"),
    "quantity": ("quantity", "qty", "shares", "units"),
    "price": ("price", "tradeprice", "unitprice", "value"),
    "fees": ("fees", "fee", "commission", "ibcommission"),
    "type": ("type", "action", "buy/sell"),
    "currency": ("currency", "ccy", "currencyprimary"),
    "account": ("account", "accountid"),
    "note": ("note", "comment"),
    "contract_size": ("contract_size", "multiplier"),
}
"""The names under which a column is found, in any case; of several that a file has, the first one counts."""
_SIGNED_COSTS = "ibcommission"


def is_column(name: str) -> bool:
    """Whether a heading's name is one of this format's."""
    return name.strip().lower() in _NAMES


def is_heading(heading: Sequence[str]) -> bool:
    """Whether a table with this heading can be read: a date and a type must have their columns."""
    names = {name.lower() for name in heading}
    return all(names & set(ALIASES[field]) for field in ("at", "type"))


def read(table: Table, reading: Reading) -> Statement:
    """The statement in `table`.

    Raises:
        UnknownStatement: it has no columns for date and type, or is of a newer version.
    """
    if not is_heading(table.heading):
        raise UnknownStatement(
            phrase(
                "Expected columns for the date and the type among the headings, was {heading}.",
                heading=repr(shortened(", ".join(table.heading))),
            )
        )
    places, unread = _columns(table.heading)
    records = [record for record in table.records if record.cells]
    is_own = VERSION_COLUMN in places
    if is_own:
        _check_version(records, places[VERSION_COLUMN])
    spelling = STATED if is_own else _spelling(records, places, reading)
    reader = _RowReader(places, spelling, table.heading)
    rows = tuple(reader.row(record) for record in table.records)
    return Statement(
        format=Format.TICKFOLIO_CSV,
        rows=rows,
        manner="; ".join(
            [phrase("{separators} between columns", separators=SEPARATORS[table.separator]), *spelling.words]
        ),
        accounts=reader.accounts,
        methods=reader.methods,
        instruments=reader.instruments,
        questions=spelling.questions,
        notices=(phrase("Columns that are not read: {unread}.", unread=shortened(", ".join(unread), limit=300)),)
        if unread
        else (),
    )


def written(
    entries: Iterable[Entry],
    *,
    accounts: Mapping[str, str],
    instruments: Mapping[str, InstrumentFacts],
    methods: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """The lines of a file with these entries, the heading first; each ends as RFC 4180 asks."""
    yield line_of(COLUMNS)
    for entry in entries:
        facts = instruments.get(entry.symbol, InstrumentFacts())
        new = instruments.get(entry.new_symbol, InstrumentFacts())
        texts = {
            "type": entry.type.value,
            "at": moment_text(entry.at),
            "order": str(entry.order or ""),
            "account": escaped(entry.account),
            "account_currency": accounts.get(entry.account, ""),
            "account_method": methods.get(entry.account, ""),
            "symbol": escaped(entry.symbol),
            "name": escaped(facts.name),
            "instrument_currency": facts.currency,
            **_contract_cells(facts, ""),
            "split_new": str(entry.split_new or ""),
            "split_old": str(entry.split_old or ""),
            "to_account": escaped(entry.to_account),
            "new_symbol": escaped(entry.new_symbol),
            "new_name": escaped(new.name),
            "new_instrument_currency": new.currency,
            **_contract_cells(new, "new_"),
            "reference": entry.reference,
            "lots": lots_text(entry.lots),
            "ex_date": entry.ex_date.isoformat() if entry.ex_date else "",
            "note": escaped(entry.note),
        }
        numbers: dict[str, Decimal | None] = {name: getattr(entry, name) for name in NUMBERS}
        currencies: dict[str, str] = {name: getattr(entry, name) for name in _CURRENCIES}
        cells = texts | currencies | {name: "" if value is None else plain(value) for name, value in numbers.items()}
        yield line_of([str(VERSION), *(cells[name] for name in FIELDS)])


def _contract_cells(facts: InstrumentFacts, prefix: str) -> dict[str, str]:
    values = {name: getattr(facts, name) for name in CONTRACT}
    return {
        prefix + name: value if isinstance(value, str) else "" if value is None else plain(value)
        for name, value in values.items()
    }


def moment_text(at: datetime | date) -> str:
    """A moment in UTC, or a day, as files have it."""
    return at.isoformat().replace("+00:00", "Z")


_CURRENCIES = ("currency", "settlement_currency", "counter_currency")
_NAMES = {*COLUMNS, *(name for names in ALIASES.values() for name in names)}


def _columns(heading: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each field stands, and the columns that are none's."""
    by_name: dict[str, int] = {}
    for index, name in enumerate(heading):
        by_name.setdefault(name.lower(), index)
    places = {}
    for field in COLUMNS:
        found = next((by_name[name] for name in ALIASES.get(field, (field,)) if name in by_name), None)
        if found is not None:
            places[field] = found
    read_places = set(places.values())
    return places, [
        name or phrase("column {value}", value=index + 1)
        for index, name in enumerate(heading)
        if index not in read_places
    ]


def _check_version(records: Sequence[Record], place: int) -> None:
    for record in records:
        version = record.cells[place].strip()
        if version.isdecimal() and int(version[:9]) > VERSION:
            raise UnknownStatement(
                phrase(
                    "Expected a file of version {expected}, was one of version {found}. Update Tickfolio first.",
                    expected=VERSION,
                    found=shortened(version),
                )
            )


def _spelling(records: Sequence[Record], places: Mapping[str, int], reading: Reading) -> Conventions:
    numbers = [places[name] for name in (*NUMBERS, *_CONTRACT_NUMBERS) if name in places]
    days = [places[name] for name in ("at", "ex_date") if name in places]
    return conventions(
        reading,
        numbers=(record.cells[place] for record in records for place in numbers),
        days=(record.cells[place] for record in records for place in days),
    )


def _unsigned_cost(text: str) -> str:
    """A cost whose source writes what was paid with a minus."""
    if text.strip("0.,") and not text.startswith("-"):
        raise InvalidValue(
            phrase("Expected a cost below zero, as its source writes costs, was {text}.", text=shortened(text))
        )
    return text.removeprefix("-")


class _RowReader:
    """Reads row after row, and gathers what they say of accounts and instruments."""

    def __init__(self, places: Mapping[str, int], spelling: Conventions, heading: Sequence[str]) -> None:
        self.accounts: dict[str, str] = {}
        self.methods: dict[str, str] = {}
        self.instruments: dict[str, InstrumentFacts] = {}
        self._places = tuple(places.items())
        self._spelling = spelling
        self._keeps_notes_as_they_are = VERSION_COLUMN in places
        self._has_signed_costs = "fees" in places and heading[places["fees"]].lower() == _SIGNED_COSTS

    def row(self, record: Record) -> StatementRow:
        """The row of one record: a bad one costs nothing but itself."""
        if record.trouble:
            return StatementRow(record.line, record.raw, Refusal(record.trouble))
        filled = {field: text for field, place in self._places if (text := record.cells[place].strip())}
        try:
            if "note" in filled:
                filled["note"] = self._note(record)
            for field in _TEXTS & filled.keys():
                filled[field] = unescaped(filled[field])
            entry = entry_of(self._usual(filled), self._spelling)
            facts = self._facts(entry, filled)
            self._gather(entry, filled)
            self.instruments |= facts
        except Undecided as undecided:
            return StatementRow(record.line, record.raw, Refusal(str(undecided), asks=undecided.subject))
        except TickfolioError as error:
            return StatementRow(record.line, record.raw, Refusal(str(error)))
        return StatementRow(record.line, record.raw, entry, note_remark(filled.get("note", "")))

    def _note(self, record: Record) -> str:
        note = unescaped(next(record.cells[place] for field, place in self._places if field == "note"))
        return note if self._keeps_notes_as_they_are else note.strip()

    def _usual(self, filled: dict[str, str]) -> dict[str, str]:
        """The row without what only some sources have: a version, costs with the sign of what was paid."""
        usual = {field: text for field, text in filled.items() if field != VERSION_COLUMN}
        if self._has_signed_costs:
            usual |= {field: _unsigned_cost(usual[field]) for field in ("fees", "taxes") if field in usual}
        return usual

    def _gather(self, entry: Entry, filled: Mapping[str, str]) -> None:
        if not self.accounts.get(entry.account):
            self.accounts[entry.account] = stated_currency(filled.get("account_currency", ""))
        if "account_method" in filled:
            self.methods.setdefault(entry.account, method_text(options_from(filled["account_method"])))
        if entry.to_account:
            self.accounts.setdefault(entry.to_account, "")

    def _facts(self, entry: Entry, filled: Mapping[str, str]) -> dict[str, InstrumentFacts]:
        """What the file says so far of the instruments of a row, this row included.

        Raises:
            InvalidValue: the row says what cannot be, or something else than a row before.
        """
        found: dict[str, InstrumentFacts] = {}
        for symbol, prefix in ((entry.symbol, ""), (entry.new_symbol, "new_")):
            if not symbol:
                continue
            names = {name: f"{prefix}{name}" for name in ("name", *CONTRACT)}
            names["currency"] = f"{prefix}instrument_currency"
            said = {name: filled[column] for name, column in names.items() if column in filled}
            facts = facts_of(said, self._spelling)
            before = found.get(symbol) or self.instruments.get(symbol, InstrumentFacts())
            if reason := contradiction(before, facts, symbol):
                raise InvalidValue(reason)
            found[symbol] = merged(before, facts)
        require_one_scale(filled.get("currency", ""), found.get(entry.symbol))
        return found


_CONTRACT_NUMBERS = ("contract_size", "quote_unit", "new_contract_size", "new_quote_unit")
_TEXTS = frozenset({"account", "symbol", "name", "to_account", "new_symbol", "new_name"})
