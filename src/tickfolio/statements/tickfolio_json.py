"""Tickfolio's own JSON: one object with the accounts, the instruments and the transactions.

**Source**: docs/reference/file-format.md, section JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from types import MappingProxyType

from tickfolio.domain.money import plain
from tickfolio.errors import InvalidValue, TickfolioError, UnknownStatement
from tickfolio.statements.account_methods import method_text, options_from
from tickfolio.statements.beside import MEMBERS, NOTHING, Beside
from tickfolio.statements.beside_reading import beside_document, beside_in
from tickfolio.statements.conventions import STATED
from tickfolio.statements.currencies import stated_currency
from tickfolio.statements.fields import CONTRACT, FIELDS, entry_of, note_remark
from tickfolio.statements.instrument_facts import contradiction, facts_of, merged, require_one_scale
from tickfolio.statements.json_document import (
    Element,
    Json,
    Member,
    kept_text,
    kind_of,
    listed,
    objects,
    row_object,
    text_of,
)
from tickfolio.statements.lot_cells import lots_text
from tickfolio.statements.rows import (
    MAX_RAW,
    Entry,
    Format,
    InstrumentFacts,
    Refusal,
    Statement,
    StatementRow,
    shortened,
)
from tickfolio.words import phrase

NAME = "tickfolio"
VERSION = 2
"""What is written. Version 1 is read too: it has nothing beside the transactions."""
_OF_LISTS = {
    "account_currency", "account_method", "name", "instrument_currency", "new_name", "new_instrument_currency",
    *CONTRACT, *(f"new_{name}" for name in CONTRACT),
}  # fmt: skip
_ENTRY_FIELDS = tuple(name for name in FIELDS if name not in _OF_LISTS)
_OF = {
    "accounts": {"name", "currency", "method"},
    "instruments": {"symbol", "name", "currency", "class", "contract_size", "quote_unit"},
}
_READ = {"format", "version", "exported_at", "portfolio", "accounts", "instruments", "transactions"}
_SINCE_2 = frozenset(MEMBERS)


def is_document(members: Mapping[str, Member]) -> bool:
    """Whether these members are those of a file in this format."""
    return members.get("format") == NAME and "transactions" in members


def read(members: Mapping[str, Member]) -> Statement:
    """The statement in the document with these members.

    Raises:
        UnknownStatement: it is no such document, or one of a newer version.
        StatementError: its lists are none.
    """
    if not is_document(members):
        raise UnknownStatement(phrase('Expected "format": "tickfolio" and a list of transactions, was something else.'))
    version = _version(members)
    has_beside = version >= VERSION
    accounts, (instruments, troubles) = _accounts(members), _instruments(members)
    rows = tuple(_row(element, instruments, troubles) for element in listed(members, "transactions"))
    entries = [row.outcome for row in rows if isinstance(row.outcome, Entry)]
    named = {entry.account for entry in entries} | {entry.to_account for entry in entries if entry.to_account}
    symbols = {symbol for entry in entries for symbol in (entry.symbol, entry.new_symbol) if symbol}
    read_here = _READ | _SINCE_2 if has_beside else _READ
    unread = [*sorted(members.keys() - read_here), *_unread(members, "accounts"), *_unread(members, "instruments")]
    return Statement(
        format=Format.TICKFOLIO_JSON,
        rows=rows,
        accounts={name: accounts.get(name, "") for name in sorted(named)},
        methods={name: text for name, text in _methods(members).items() if name in named},
        instruments={symbol: instruments.get(symbol, InstrumentFacts()) for symbol in sorted(symbols)},
        notices=(phrase("Members that are not read: {unread}.", unread=shortened(", ".join(unread), limit=300)),)
        if unread
        else (),
        beside=beside_in(members) if has_beside else NOTHING,
    )


def written(
    entries: Iterable[Entry],
    *,
    portfolio: Mapping[str, str | int],
    exported_at: str,
    accounts: Mapping[str, str],
    instruments: Mapping[str, InstrumentFacts],
    methods: Mapping[str, str] = MappingProxyType({}),
    beside: Beside = NOTHING,
) -> Iterator[str]:
    """The document in pieces; `portfolio` says what it is called and how it counts. A transaction a line, decimals as text."""
    head = {
        "format": NAME,
        "version": VERSION,
        "exported_at": exported_at,
        "portfolio": dict(portfolio),
        "accounts": [
            {"name": each, "currency": code, **({"method": methods[each]} if methods.get(each) else {})}
            for each, code in accounts.items()
        ],
        "instruments": [
            {"symbol": symbol, "name": facts.name, "currency": facts.currency, **_contract(facts)}
            for symbol, facts in instruments.items()
        ],
        **beside_document(beside),
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "transactions": ['
    between = "\n  "
    for entry in entries:
        yield between + json.dumps(_document(entry), ensure_ascii=False)
        between = ",\n  "
    yield "\n ]\n}\n"


def _contract(facts: InstrumentFacts) -> dict[str, str]:
    """What an instrument is and how its trades are counted, as far as it is known."""
    numbers = (("contract_size", facts.contract_size), ("quote_unit", facts.quote_unit))
    return {
        **({"class": facts.instrument_class} if facts.instrument_class else {}),
        **{name: plain(number) for name, number in numbers if number is not None},
    }


def _document(entry: Entry) -> dict[str, str | int]:
    """The members of a transaction; what it does not have is left out."""
    document: dict[str, str | int] = {}
    for name in _ENTRY_FIELDS:
        value: object = getattr(entry, name)
        if isinstance(value, Decimal):
            document[name] = plain(value)
        elif name in ("order", "split_new", "split_old") and isinstance(value, int):
            if value:
                document[name] = value
        elif name in ("at", "ex_date") and value is not None:
            document[name] = str(getattr(value, "isoformat")()).replace("+00:00", "Z")  # noqa: B009
        elif name == "lots" and entry.lots:
            document[name] = lots_text(entry.lots)
        elif value and isinstance(value, str):
            document[name] = str(value)
    return document


def _version(members: Mapping[str, Member]) -> Decimal:
    """The version of the file, 1 where it states none.

    Raises:
        UnknownStatement: it is none that is read here.
    """
    version = members.get("version", Decimal(1))
    if not isinstance(version, Decimal) or version < 1:
        raise UnknownStatement(
            phrase("Expected version {expected}, was {found}.", expected=VERSION, found=kind_of(version))
        )
    if version > VERSION:
        raise UnknownStatement(
            phrase("Expected version {expected}, was {found}. Update Tickfolio first.", expected=VERSION, found=version)
        )
    return version


def _accounts(members: Mapping[str, Member]) -> dict[str, str]:
    found = {}
    for each in objects(listed(members, "accounts")):
        name, currency = each.get("name"), each.get("currency")
        if isinstance(name, str) and isinstance(currency, str):
            found[name.strip()] = stated_currency(currency)
    return found


def _methods(members: Mapping[str, Member]) -> dict[str, str]:
    """How accounts match their lots; of one whose method cannot be read it is as if none were stated."""
    found = {}
    for each in objects(listed(members, "accounts")):
        name, method = each.get("name"), each.get("method")
        if isinstance(name, str) and isinstance(method, str):
            with suppress(InvalidValue):
                found[name.strip()] = method_text(options_from(method))
    return found


def _instruments(members: Mapping[str, Member]) -> tuple[dict[str, InstrumentFacts], dict[str, str]]:
    """What the file says of instruments, and why it cannot be used of some, each by symbol."""
    found: dict[str, InstrumentFacts] = {}
    troubles: dict[str, str] = {}
    for each in objects(listed(members, "instruments")):
        spelt = each.get("symbol")
        if not isinstance(spelt, str):
            continue
        symbol, before = spelt.strip(), found.get(spelt.strip(), InstrumentFacts())
        try:
            facts = facts_of(_stated(each), STATED)
        except TickfolioError as error:
            troubles[symbol] = phrase("{symbol} among the instruments: {error}", symbol=shortened(symbol), error=error)
            continue
        if reason := contradiction(before, facts, symbol):
            troubles[symbol] = reason
        found[symbol] = merged(before, facts)
    return found, troubles


def _stated(document: Mapping[str, Json]) -> dict[str, str]:
    """The texts of an instrument, by the names that they have everywhere else."""
    names = {"name": "name", "currency": "currency", "class": "instrument_class"}
    names |= {name: name for name in ("contract_size", "quote_unit")}
    return {
        name: text_of(document[member], name=member)
        for member, name in names.items()
        if document.get(member) is not None
    }


def _unread(members: Mapping[str, Member], name: str) -> list[str]:
    """Members of the objects in a list that nothing is made of."""
    return sorted(
        {f"{name}.{each}" for listed_one in objects(listed(members, name)) for each in listed_one.keys() - _OF[name]}
    )


def _row(element: Element, instruments: Mapping[str, InstrumentFacts], troubles: Mapping[str, str]) -> StatementRow:
    """The row of one element: a bad one costs nothing but itself."""
    raw = element.raw[:MAX_RAW]
    try:
        filled = _filled(row_object(element, what="a transaction"))
        entry = entry_of(filled, STATED)
        if trouble := troubles.get(entry.symbol) or troubles.get(entry.new_symbol):
            raise InvalidValue(trouble)
        require_one_scale(filled.get("currency", ""), instruments.get(entry.symbol))
    except TickfolioError as error:
        return StatementRow(element.line, raw, Refusal(str(error)))
    return StatementRow(element.line, raw, entry, note_remark(filled.get("note", "")))


def _filled(document: Mapping[str, Json]) -> dict[str, str]:
    if unknown := document.keys() - set(_ENTRY_FIELDS):
        raise InvalidValue(
            phrase("Expected members such as type and at, was also {min}.", min=repr(shortened(min(unknown))))
        )
    filled = {name: text_of(value, name=name) for name, value in document.items() if name != "note"}
    note = document.get("note")
    filled["note"] = kept_text(note) if isinstance(note, str) else text_of(note, name="note")
    return {name: text for name, text in filled.items() if text}
