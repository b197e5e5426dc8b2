"""Files in words and figures: the fates of rows, what a row says, what was booked of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.domain.money import EXACT, Currency
from tickfolio.errors import InvalidValue
from tickfolio.services.imports import BatchView, Fate, FateRow
from tickfolio.statements.rows import Entry, Format
from tickfolio.web.figures import MINUS, price_text
from tickfolio.web.stock_texts import short_day_text
from tickfolio.web.transaction_kinds import cash_moved
from tickfolio.web.transaction_texts import AmountText, moment_text
from tickfolio.words import marked_phrase, phrase

FORMAT_NAMES = {
    Format.TICKFOLIO_CSV.value: "CSV",
    Format.TICKFOLIO_JSON.value: "Tickfolio’s JSON",
    Format.GHOSTFOLIO_CSV.value: "Ghostfolio’s CSV",
    Format.GHOSTFOLIO_JSON.value: "Ghostfolio’s JSON",
}


@dataclass(frozen=True, slots=True)
class FateText:
    """A fate as it is shown: never by colour alone."""

    fate: Fate
    word: str
    icon: str
    name: str


FATES = {
    Fate.NEW: FateText(Fate.NEW, marked_phrase("New"), "i-plus", "fate-new"),
    Fate.KNOWN: FateText(Fate.KNOWN, marked_phrase("Already booked"), "i-check", "fate-known"),
    Fate.ASKS: FateText(Fate.ASKS, marked_phrase("Needs you"), "i-help", "fate-ask"),
    Fate.REFUSED: FateText(Fate.REFUSED, marked_phrase("Refused"), "i-x", "fate-refused"),
}
BOOKED = FateText(Fate.NEW, marked_phrase("Booked"), "i-check", "fate-new")
UNDONE = FateText(Fate.NEW, marked_phrase("Undone"), "i-undo", "fate-known")
ROW_CLASSES = {Fate.NEW: "", Fate.KNOWN: "row-known", Fate.ASKS: "row-ask", Fate.REFUSED: "row-refused"}


@dataclass(frozen=True, slots=True)
class RowText:
    """A row of a file in the table."""

    line: int
    raw: str
    day: str
    type: str
    subject: str
    quantity: str
    amounts: tuple[AmountText, ...]
    fate: FateText
    row_class: str
    reason: str
    transaction_id: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with its count."""

    label: str
    count: int
    fate: FateText | None
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class BatchText:
    """A booked file in the list of those."""

    id: str
    file_name: str
    format: str
    booked: int
    when: str
    who: str
    undone: str

    @property
    def can_be_undone(self) -> bool:
        """Whether it still stands."""
        return not self.undone


def row_text(row: FateRow, *, zone: ZoneInfo, state: str) -> RowText:
    """`row` for the table; of a batch that is booked or undone its new rows are that."""
    entry = row.entry
    fate = FATES[row.fate]
    if row.fate is Fate.NEW and state != "previewed":
        fate = UNDONE if state == "undone" else BOOKED
    is_booked = row.fate is Fate.KNOWN or (row.fate is Fate.NEW and state == "booked")
    return RowText(
        line=row.line,
        raw=row.raw,
        day="" if entry is None else _day(entry, zone),
        type="" if entry is None else TYPE_NAMES[entry.type],
        subject="" if entry is None else _subject(entry, row.symbol) or _pair(entry),
        quantity="" if entry is None else _quantity(entry),
        amounts=() if entry is None else amounts_of(entry),
        fate=fate,
        row_class="row-known" if state == "undone" and row.fate is Fate.NEW else ROW_CLASSES[row.fate],
        reason=row.reason,
        transaction_id=row.transaction_id if is_booked else "",
    )


def chips(counts: Mapping[Fate, int], *, wanted: Fate | None, state: str) -> tuple[Chip, ...]:
    """The filters: all rows, then those of each fate that there are."""
    total = Chip(phrase("All"), sum(counts.values()), None, "?", is_current=wanted is None)
    found = [total]
    for fate in Fate:
        if counts[fate] or wanted is fate:
            text = (
                FATES[fate] if fate is not Fate.NEW or state == "previewed" else UNDONE if state == "undone" else BOOKED
            )
            found.append(Chip(text.word, counts[fate], text, f"?fate={fate.value}", is_current=wanted is fate))
    return tuple(found)


def cash_texts(cash: Mapping[str, Decimal]) -> tuple[AmountText, ...]:
    """What moves in cash, by currency."""
    return tuple(_signed(amount, currency) for currency, amount in cash.items())


def batch_text(batch: BatchView, *, zone: ZoneInfo) -> BatchText:
    """A booked file for the list."""
    undone = (
        ""
        if batch.undone_at is None
        else phrase("undone {moment_text}", moment_text=moment_text(batch.undone_at, zone=zone))
    )
    return BatchText(
        id=batch.id,
        file_name=batch.file_name,
        format=FORMAT_NAMES.get(batch.format, batch.format),
        booked=batch.booked,
        when="" if batch.booked_at is None else moment_text(batch.booked_at, zone=zone),
        who=batch.created_by,
        undone=undone,
    )


def amounts_of(entry: Entry) -> tuple[AmountText, ...]:
    """What a row moves in cash as far as it says so, signed: what comes in has a plus."""
    stated = entry
    if entry.amount is None and entry.type in (TransactionType.BUY, TransactionType.SELL):
        product = EXACT.multiply(entry.quantity or Decimal(0), entry.price or Decimal(0))
        stated = replace(entry, amount=product)
    return tuple(_signed(amount, currency) for amount, currency in cash_moved(stated))


def _day(entry: Entry, zone: ZoneInfo) -> str:
    day = entry.at.astimezone(zone).date() if isinstance(entry.at, datetime) else entry.at
    return short_day_text(day)


def _quantity(entry: Entry) -> str:
    if entry.split_new and entry.split_old:
        return phrase("{split_new} for {split_old}", split_new=entry.split_new, split_old=entry.split_old)
    return "" if entry.quantity is None else price_text(entry.quantity, places=0)


def _subject(entry: Entry, chosen: str) -> str:
    symbol = (
        phrase("{symbol} as {chosen}", symbol=entry.symbol, chosen=chosen)
        if chosen and chosen != entry.symbol
        else entry.symbol
    )
    return (
        phrase("{symbol} to {new_symbol}", symbol=symbol, new_symbol=entry.new_symbol) if entry.new_symbol else symbol
    )


def _pair(entry: Entry) -> str:
    return (
        phrase("{currency} to {counter_currency}", currency=entry.currency, counter_currency=entry.counter_currency)
        if entry.counter_currency
        else ""
    )


def _signed(amount: Decimal, currency: str) -> AmountText:
    sign = "" if not amount else MINUS if amount < 0 else "+"
    return AmountText(f"{sign}{price_text(abs(amount), places=_coins(currency))}", currency)


def _coins(currency: str) -> int:
    try:
        return Currency(currency).minor_unit
    except InvalidValue:
        return 2
