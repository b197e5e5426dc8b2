"""Lots as people type them: ``2010-03-01 10 3500; 2011-05-02 5 1900`` with their cost, or ``2010-03-01 10`` chosen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidValue
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.services.drafts import LotDraft
from tickfolio.services.transactions import Bought
from tickfolio.statements.days import parse_moment
from tickfolio.statements.decimals import parse_number
from tickfolio.web.forms.fields import TypedText
from tickfolio.web.forms.moments import DayReading, moment_of
from tickfolio.web.forms.numbers import DecimalMark

MAX_LENGTH = 4000


class LotsText(TypedText):
    """Lots in one line, read by `lot_drafts` once the rest of the form is known."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, what="lots", max_length=MAX_LENGTH, required=False)


def lot_drafts(
    text: str, *, bought: Sequence[Bought] | None, mark: DecimalMark, reading: DayReading
) -> tuple[LotDraft, ...]:
    """The lots that were typed.

    Args:
        bought: what lots can be chosen of, by their days; None where lots come with their cost instead.

    Raises:
        InvalidValue: one of them is none, or names no purchase or several.
    """
    found = []
    for part in (part.split() for part in text.split(";") if part.strip()):
        if len(part) != (2 if bought is not None else 3):
            raise InvalidValue(f"Expected {_example(bought)}, was {' '.join(part)[:40]!r}.")
        quantity = parse_number(part[1], mark=mark)
        if bought is None:
            acquired_at, cost = _moment(part[0], reading), parse_number(part[2], mark=mark)
            found.append(LotDraft(quantity=quantity, acquired_at=acquired_at, cost=cost))
        else:
            found.append(LotDraft(quantity=quantity, transaction_id=_chosen(part[0], bought, reading.zone)))
    return tuple(found)


def lots_text(lots: Iterable[KeptLot], *, zone: ZoneInfo) -> str:
    """The lots of a transaction that is there, as `lot_drafts` reads them; decimals follow a point."""
    return "; ".join(_text(lot, zone) for lot in lots)


def _example(bought: Sequence[Bought] | None) -> str:
    if bought is None:
        return "a day, units and a cost, such as 2010-03-01 10 3500"
    return "the day of a purchase and units, such as 2010-03-01 10"


def _text(lot: KeptLot, zone: ZoneInfo) -> str:
    if lot.acquired_at is None or lot.cost is None:
        return f"{lot.transaction_id} {plain(lot.quantity)}"
    local = lot.acquired_at.astimezone(zone)
    return f"{local.isoformat()} {plain(lot.quantity)} {plain(lot.cost)}"


def _moment(word: str, reading: DayReading) -> datetime:
    """The moment of a purchase: a day without a time is read as the form of one reads it."""
    at = parse_moment(word, order=None)
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    return moment_of(at, None, kind=TransactionType.BUY, reading=reading)


def _chosen(word: str, bought: Sequence[Bought], zone: ZoneInfo) -> str:
    try:
        return str(uuid.UUID(word))  # what a form shows of lots that were chosen before
    except ValueError:
        pass
    at = parse_moment(word, order=None)
    matching = [each for each in bought if _is_of(each.at, at, zone)]
    if not matching:
        raise InvalidValue(f"Expected the day of a purchase, was {word}: nothing was bought then.")
    if len(matching) > 1:
        times = ", ".join(f"{each.at.astimezone(zone):%Y-%m-%dT%H:%M:%S%z}" for each in matching)
        raise InvalidValue(f"Expected one purchase of {word}, were {len(matching)}: say which by its time, of {times}.")
    return matching[0].transaction_id


def _is_of(moment: datetime, at: datetime | date, zone: ZoneInfo) -> bool:
    if isinstance(at, datetime):
        return moment.replace(microsecond=0) == at.replace(microsecond=0)
    return moment.astimezone(zone).date() == at
