"""Ghostfolio's JSON: an object with ``activities`` and, in newer versions, ``accounts`` and ``assetProfiles``.

**Source**: docs/reference/file-format.md, section Ghostfolio; samples as in activities.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.errors import InvalidNumber, InvalidValue, TickfolioError, UnknownStatement
from tickfolio.statements.activities import DIVIDEND_FEE, Activity, entry_from
from tickfolio.statements.conventions import Undecided
from tickfolio.statements.currencies import stated_currency
from tickfolio.statements.days import is_midnight, parse_moment
from tickfolio.statements.decimals import bounded, parse_number
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
from tickfolio.statements.rows import (
    MAX_ACCOUNT_NAME,
    MAX_NAME,
    MAX_RAW,
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

_BY_HAND = "MANUAL"
_SILENT = {"meta", "user", "accounts", "assetProfiles", "activities"}


def is_document(members: Mapping[str, Member]) -> bool:
    """Whether these members are those of a file in this format."""
    return isinstance(members.get("activities"), tuple) and "format" not in members


def read(members: Mapping[str, Member], reading: Reading) -> Statement:
    """The statement in the document with these members.

    Raises:
        UnknownStatement: it has no list of activities.
        StatementError: another of its lists is none.
    """
    if not is_document(members):
        raise UnknownStatement(phrase("Expected a list of activities, was an object without one."))
    accounts = _accounts(members)
    profiles = _profiles(members)
    known = _Known(
        accounts={key: account.name for key, account in accounts.items()},
        instruments={symbol: facts.name for symbol, facts in profiles.items() if facts.name},
    )
    rows = tuple(_row(element, known, reading) for element in listed(members, "activities"))
    entries = [row.outcome for row in rows if isinstance(row.outcome, Entry)]
    asks = {row.outcome.asks for row in rows if isinstance(row.outcome, Refusal)}
    currencies = {account.name: account.currency for account in accounts.values()}
    return Statement(
        format=Format.GHOSTFOLIO_JSON,
        rows=rows,
        accounts={name: currencies.get(name, "") for name in sorted({entry.account for entry in entries})},
        instruments={
            symbol: profiles.get(symbol, InstrumentFacts())
            for symbol in sorted({entry.symbol for entry in entries} - {""})
        },
        questions=(DIVIDEND_FEE,) if Subject.DIVIDEND_FEE in asks else (),
        notices=tuple(_notices(members)),
    )


@dataclass(frozen=True, slots=True)
class _Account:
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the file says beside its activities: names, of accounts by their id and of instruments by their symbol."""

    accounts: Mapping[str, str]
    instruments: Mapping[str, str]


def _accounts(members: Mapping[str, Member]) -> dict[str, _Account]:
    """Accounts by id. Two of one name are told apart by the beginning of their ids."""
    found: dict[str, _Account] = {}
    taken: set[str] = set()
    for each in objects(listed(members, "accounts")):
        key = each.get("id")
        if not isinstance(key, str):
            continue
        name = _shown(each.get("name")) or key
        name = f"{name} ({key[:8]})" if name in taken else name
        taken.add(name)
        found[key] = _Account(name[:MAX_ACCOUNT_NAME].strip(), stated_currency(_shown(each.get("currency"))))
    return found


def _profiles(members: Mapping[str, Member]) -> dict[str, InstrumentFacts]:
    found = {}
    for each in objects(listed(members, "assetProfiles")):
        symbol = _shown(each.get("symbol"))
        if symbol:
            found[symbol] = InstrumentFacts(
                _shown(each.get("name"))[:MAX_NAME], stated_currency(_shown(each.get("currency")))
            )
    return found


def _shown(value: Json) -> str:
    """A text of the file's description; nothing where it is no text that can be kept."""
    try:
        return kept_text(value).strip() if isinstance(value, str) else ""
    except InvalidValue:
        return ""


def _notices(members: Mapping[str, Member]) -> Iterable[str]:
    balances = 0
    for account in objects(listed(members, "accounts")):
        history = account.get("balances")
        balances += len(history) if isinstance(history, list) else 1 if account.get("balance") else 0
    if balances == 1:
        yield phrase("1 cash balance of an account is not read: it is no transaction.")
    elif balances:
        yield phrase(
            "{balances:,} cash balances of accounts are not read: they are no transactions.", balances=balances
        )
    for name, member in members.items():
        if name not in _SILENT and member:
            yield phrase("{value} are not read.", value=shortened(name[:1].upper() + name[1:]))


def _row(element: Element, known: _Known, reading: Reading) -> StatementRow:
    """The row of one element: a bad one costs nothing but itself."""
    raw = element.raw[:MAX_RAW]
    try:
        activity = _activity(row_object(element, what=phrase("an activity")), known)
        entry, remark = entry_from(activity, dividend_fee=reading.dividend_fee)
    except Undecided as undecided:
        return StatementRow(element.line, raw, Refusal(str(undecided), asks=undecided.subject))
    except TickfolioError as error:
        return StatementRow(element.line, raw, Refusal(str(error)))
    return StatementRow(element.line, raw, entry, remark)


def _activity(document: Mapping[str, Json], known: _Known) -> Activity:
    account = text_of(document.get("accountId"), name="accountId")
    return Activity(
        kind=text_of(document.get("type"), name="type"),
        at=_moment(text_of(document.get("date"), name="date")),
        account=known.accounts.get(account, account),
        symbol=text_of(document.get("symbol"), name="symbol"),
        currency=text_of(document.get("currency"), name="currency"),
        quantity=_number(document, "quantity"),
        price=_number(document, "unitPrice"),
        fee=_number(document, "fee"),
        note=text_of(document.get("comment"), name="comment"),
        is_by_hand=text_of(document.get("dataSource"), name="dataSource").upper() == _BY_HAND,
        names=known.instruments,
    )


def _moment(text: str) -> datetime | date:
    """Midnight in UTC is what Ghostfolio writes where only the day is known."""
    moment = parse_moment(text, order=None)
    return moment.date() if isinstance(moment, datetime) and is_midnight(text) else moment


def _number(document: Mapping[str, Json], name: str) -> Decimal:
    value = document.get(name)
    match value:
        case None:
            return Decimal(0)
        case Decimal():
            return bounded(value, value)
        case str():
            return parse_number(value, mark=".")
        case _:
            raise InvalidNumber(phrase("Expected a number as {name}, was {value}.", name=name, value=kind_of(value)))
