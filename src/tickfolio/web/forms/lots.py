"""Lots as people type them: ``2010-03-01 10 3500; 2011-05-02 5 1900`` with their cost, or ``2010-03-01 #2 10`` chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidValue
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.services.drafts import LotDraft
from tickfolio.services.open_lots import PositionLot
from tickfolio.statements.days import parse_moment
from tickfolio.statements.decimals import parse_number
from tickfolio.web.forms.fields import TypedText
from tickfolio.web.forms.moments import DayReading, moment_of
from tickfolio.web.forms.numbers import DecimalMark
from tickfolio.words import phrase

MAX_LENGTH = 4000
TAKE = "take:"
"""What the names of the fields beside the listed lots begin with; the id of the lot follows."""
_NUMBER = re.compile(r"#([1-9]\d{0,8})", re.ASCII)
_UNKNOWN = "?"


class LotsText(TypedText):
    """Lots in one line, read by `lot_drafts` once the rest of the form is known."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, what="lots", max_length=MAX_LENGTH, required=False)


@dataclass(frozen=True, slots=True)
class NamedLot:
    """A lot under the name by which people choose it: its day and, where several were acquired on it, which of them."""

    name: str
    number: int
    lot: PositionLot


def named_lots(lots: Sequence[PositionLot], *, zone: ZoneInfo) -> tuple[NamedLot, ...]:
    """Lots, oldest first, by the days of a zone: ``2012-02-02``, or ``2012-02-02 #2`` for the second of two."""
    days = [lot.acquired_at.astimezone(zone).date() for lot in lots]
    found = []
    for index, (day, lot) in enumerate(zip(days, lots, strict=True)):
        number = days[: index + 1].count(day)
        name = f"{day} #{number}" if days.count(day) > 1 else f"{day}"
        found.append(NamedLot(name, number, lot))
    return tuple(found)


def lot_drafts(
    text: str, *, lots: Sequence[PositionLot] | None, mark: DecimalMark, reading: DayReading
) -> tuple[LotDraft, ...]:
    """The lots that were typed in a line.

    Args:
        lots: what can be chosen of, oldest first; None where lots come with their cost instead.

    Raises:
        InvalidValue: one of them is none, or names no lot or several.
    """
    named = None if lots is None else named_lots(lots, zone=reading.zone)
    found = []
    for part in (part.split() for part in text.split(";") if part.strip()):
        if named is None:
            found.append(_received(part, mark=mark, reading=reading))
            continue
        if len(part) not in (2, 3) or (len(part) == 3 and not _NUMBER.fullmatch(part[1])):
            raise InvalidValue(
                phrase(
                    "Expected the day of a purchase and units, such as 2010-03-01 10, was {part}.",
                    part=repr(" ".join(part)[:40]),
                )
            )
        number = int(part[1][1:]) if len(part) == 3 else None
        chosen = _chosen(part[0], number, named, reading.zone)
        found.append(LotDraft(quantity=parse_number(part[-1], mark=mark), transaction_id=chosen))
    return tuple(found)


def taken_drafts(
    taken: Mapping[str, str], *, lots: Sequence[PositionLot], mark: DecimalMark, reading: DayReading
) -> tuple[LotDraft, ...]:
    """The lots that were chosen in the list, each with the units that were typed beside it; empty fields choose nothing.

    Raises:
        InvalidValue: a number cannot be read, or the list is of other lots than those that can be chosen of now.
    """
    names = {named.lot.transaction_id: named.name for named in named_lots(lots, zone=reading.zone)}
    found = []
    for id_, typed in taken.items():
        if not typed.strip():
            continue
        if id_ not in names:
            raise InvalidValue(
                phrase("Expected lots of this instrument and this account, were others. The list is the right one now.")
            )
        try:
            quantity = parse_number(typed.strip(), mark=mark)
        except InvalidValue as error:
            raise InvalidValue(f"{names[id_]}: {error}") from error
        found.append(LotDraft(quantity=quantity, transaction_id=id_))
    return tuple(found)


def lots_text(lots: Iterable[KeptLot], *, zone: ZoneInfo, of: Sequence[PositionLot] = ()) -> str:
    """The lots of a transaction that is there, as `lot_drafts` reads them; decimals follow a point.

    Args:
        of: the lots that the chosen ones are among.
    """
    names = lot_names(of, zone=zone)
    return "; ".join(_text(lot, names, zone) for lot in lots)


def lot_names(lots: Sequence[PositionLot], *, zone: ZoneInfo) -> dict[str, str]:
    """What lots are called, by the transactions that brought them."""
    return {named.lot.transaction_id: named.name for named in named_lots(lots, zone=zone)}


def _text(lot: KeptLot, names: Mapping[str, str], zone: ZoneInfo) -> str:
    if lot.acquired_at is None or lot.cost is None:
        return f"{names.get(lot.transaction_id or '', _UNKNOWN)} {plain(lot.quantity)}"
    local = lot.acquired_at.astimezone(zone)
    return f"{local.isoformat()} {plain(lot.quantity)} {plain(lot.cost)}"


def _received(part: list[str], *, mark: DecimalMark, reading: DayReading) -> LotDraft:
    if len(part) != 3:
        was = " ".join(part)[:40]
        raise InvalidValue(
            phrase("Expected a day, units and a cost, such as 2010-03-01 10 3500, was {was}.", was=repr(was))
        )
    quantity: Decimal = parse_number(part[1], mark=mark)
    acquired_at, cost = _moment(part[0], reading), parse_number(part[2], mark=mark)
    return LotDraft(quantity=quantity, acquired_at=acquired_at, cost=cost)


def _moment(word: str, reading: DayReading) -> datetime:
    """The moment of a purchase: a day without a time is read as the form of one reads it."""
    at = parse_moment(word, order=None)
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    return moment_of(at, None, kind=TransactionType.BUY, reading=reading)


def _chosen(word: str, number: int | None, named: Sequence[NamedLot], zone: ZoneInfo) -> str:
    if word == _UNKNOWN:
        raise InvalidValue(phrase("Expected a lot that there is, was one that is not there any more. Choose others."))
    at = parse_moment(word, order=None)
    if number is not None and not isinstance(at, datetime):
        matching = [each for each in named if _day(each, zone) == at and each.number == number]
        word = f"{word} #{number}"
    else:
        matching = [each for each in named if _is_of(each.lot, at, zone)]
        # What is sold out is not meant, unless nothing else can be.
        matching = [each for each in matching if each.lot.quantity] or matching
    if not matching:
        raise InvalidValue(phrase("Expected the day of a purchase, was {word}: nothing was bought then.", word=word))
    if len(matching) > 1:
        names = ", ".join(each.name for each in matching)
        raise InvalidValue(
            phrase(
                "Expected one purchase of {word}, were {matching}: say which, of {names}.",
                word=word,
                matching=len(matching),
                names=names,
            )
        )
    return matching[0].lot.transaction_id


def _day(named: NamedLot, zone: ZoneInfo) -> date:
    return named.lot.acquired_at.astimezone(zone).date()


def _is_of(lot: PositionLot, at: datetime | date, zone: ZoneInfo) -> bool:
    if isinstance(at, datetime):
        return lot.acquired_at.replace(microsecond=0) == at.replace(microsecond=0)
    return lot.acquired_at.astimezone(zone).date() == at
