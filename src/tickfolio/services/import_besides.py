"""What a file holds beside its transactions, written into a portfolio: what is empty is filled, and nothing is written over.

So importing a file again adds nothing, and what somebody wrote here since is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import partial

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol, normalise_symbol
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidDraft, InvalidValue
from tickfolio.persistence.exact_decimal import canonical
from tickfolio.persistence.selectors.allocation_targets import stored_targets
from tickfolio.persistence.selectors.classifications import Said, said_of_instruments
from tickfolio.persistence.selectors.instrument_pages import kept_note
from tickfolio.persistence.selectors.manual_prices import private_instrument, private_instruments, typed_prices
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.selectors.surroundings import instruments_by_symbol
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.allocation_parts import CASH, Dimension, PartName
from tickfolio.services.allocation_targets import Target, Targets, targets_check, targets_keep
from tickfolio.services.classifications import Chosen, chosen_read, classification_keep
from tickfolio.services.instrument_notes import note_keep, note_spelt
from tickfolio.services.manual_prices import last_day, price_append, price_read
from tickfolio.services.portfolio_changes import HeldPortfolio
from tickfolio.statements.beside import Beside, FileOf, NoteOf, PriceOf, SaidOf, TargetsOf
from tickfolio.statements.rows import shortened
from tickfolio.words import phrase

type Keep = Callable[[HeldPortfolio], None]


class Standing(StrEnum):
    """What becomes of a piece."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"
    """Something else stands in its place here, and stays."""
    LEFT_OUT = "left_out"


class PieceKind(StrEnum):
    """What a piece is."""

    NOTE = "note"
    CLASSIFICATION = "classification"
    TARGETS = "targets"
    PRICE = "price"
    FILE = "file"
    BENCHMARK = "benchmark"
    ACCOUNT = "account"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that stands beside the transactions of a file.

    Attributes:
        what: what it is of: a symbol, a dimension, the name of a file.
        said: what would be kept, in one spelling.
        reason: why it is left out.
        keep: writes it; None where nothing is to be written.
    """

    kind: PieceKind
    what: str
    said: str
    standing: Standing
    reason: str = ""
    keep: Keep | None = None


@dataclass(frozen=True, slots=True)
class PieceView:
    """A piece as a preview shows it."""

    kind: PieceKind
    what: str
    standing: Standing
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Arriving:
    """What the file's rows bring, so that what stands beside them can be judged before they are booked.

    Attributes:
        symbols: what was chosen for what stands in the place of a symbol.
        instruments: those that are made when the rows are booked.
        rows: by the reference of each row that is booked or will be, the id of its transaction, empty where it has none yet.
        attached: transaction and SHA-256 of the files that are here.
        contents: the SHA-256 of the files whose content came along.
    """

    symbols: Mapping[str, str]
    instruments: Mapping[Symbol, Instrument]
    rows: Mapping[str, str] = field(default_factory=dict)
    attached: Set[tuple[str, str]] = frozenset()
    contents: Set[str] = frozenset()

    def symbol(self, text: str) -> Symbol:
        """The symbol that a text of the file is.

        Raises:
            InvalidValue: it is none.
        """
        return normalise_symbol(self.symbols.get(text) or text)


def pieces_of(beside: Beside, *, actor: Actor, portfolio_id: str, arriving: Arriving) -> tuple[Piece, ...]:
    """What becomes of each piece as the portfolio stands now, in the order of the file."""
    judge = _Judge(portfolio_id, actor, arriving)
    return tuple(judge.pieces(beside))


def pieces_document(pieces: Iterable[Piece]) -> list[list[str]]:
    """Pieces as a database keeps them."""
    return [[piece.kind.value, piece.what, piece.standing.value, piece.reason] for piece in pieces]


def pieces_from(kept: Iterable[Sequence[str]]) -> tuple[PieceView, ...]:
    """The same back."""
    return tuple(PieceView(PieceKind(kind), what, Standing(standing), reason) for kind, what, standing, reason in kept)


def keep_pieces(held: HeldPortfolio, pieces: Iterable[Piece]) -> int:
    """Writes what is new, in the transaction that holds the portfolio. Returns how many pieces that were."""
    kept = 0
    for piece in pieces:
        if piece.keep is not None:
            piece.keep(held)
            kept += 1
    return kept


class _Judge:
    """Compares what a file says with what stands in a portfolio; what stands is read once and when it is asked for."""

    def __init__(self, portfolio_id: str, actor: Actor, arriving: Arriving) -> None:
        self._portfolio_id, self._actor, self._arriving = portfolio_id, actor, arriving

    def pieces(self, beside: Beside) -> Iterator[Piece]:
        for note in beside.notes:
            yield self._read(PieceKind.NOTE, note.symbol, partial(self._note, note))
        yield from self._classifications(beside.classifications)
        for targets in beside.targets:
            yield self._read(PieceKind.TARGETS, targets.dimension, partial(self._targets, targets))
        yield from self._prices(beside.prices)
        yield from (self._file(file) for file in beside.files)

    def _file(self, file: FileOf) -> Piece:
        """A file is written by services/import_files.py, when the transactions have their ids."""
        standing, reason = Standing.NEW, ""
        row = self._arriving.rows.get(file.transaction)
        if row is None:
            standing, reason = Standing.LEFT_OUT, phrase("The row that it belongs to is not booked.")
        elif (row, file.sha256) in self._arriving.attached:
            standing = Standing.SAME
        elif file.sha256 not in self._arriving.contents:
            standing = Standing.LEFT_OUT
            reason = phrase("Its content is not in this file: it comes with an export as ZIP.")
        return Piece(PieceKind.FILE, shortened(file.name), f"{file.transaction} {file.sha256}", standing, reason)

    def _read(self, kind: PieceKind, what: str, judged: Callable[[], Piece]) -> Piece:
        """A piece that cannot be costs nothing but itself."""
        try:
            return judged()
        except InvalidDraft as draft:
            reason = " ".join(dict.fromkeys(draft.errors.values()))
        except InvalidValue as error:
            reason = str(error)
        return Piece(kind, shortened(what), "", Standing.LEFT_OUT, reason)

    def _note(self, note: NoteOf) -> Piece:
        symbol, text = self._arriving.symbol(note.symbol), note_spelt(note.text)
        record, arriving = record_of(symbol), self._arriving.instruments.get(symbol)
        own = private_instrument(self._portfolio_id, symbol, actor=self._actor)
        if record is None and arriving is None and own is None:
            raise InvalidValue(phrase("Expected an instrument that is known here, was {symbol}.", symbol=symbol))
        there = None
        # One of the portfolio's own that comes with the file has no note yet, whatever is written about a feed's.
        if arriving is None or arriving.mic != PRIVATE_MIC:
            known = symbol if record is None or own is not None else Symbol(record.symbol)
            there = kept_note(self._portfolio_id, known, actor=self._actor)

        def keep(held: HeldPortfolio) -> None:
            # Its transactions are booked by then, and with them it is known.
            note_keep(held, symbol, text, 0 if there is None else there.version)

        return compared(PieceKind.NOTE, symbol, text, "" if there is None else there.text, keep)

    def _classifications(self, said: Iterable[SaidOf]) -> Iterator[Piece]:
        stands = said_of_instruments(self._portfolio_id, actor=self._actor)
        for each in said:
            yield self._read(PieceKind.CLASSIFICATION, each.symbol, partial(self._classified, each, stands))

    def _classified(self, each: SaidOf, stands: Mapping[Symbol, Said]) -> Piece:
        symbol = self._arriving.symbol(each.symbol)
        wanted = chosen_read(Chosen(each.class_label, each.sector, each.country, each.tag))
        before = stands.get(symbol, Said())
        there = Chosen(before.class_label, before.sector, before.country, before.tag)
        spelt = "" if there == Chosen() else _spelt(there)

        def keep(held: HeldPortfolio) -> None:
            classification_keep(held, symbol, wanted, version=before.version + 1)

        return compared(PieceKind.CLASSIFICATION, symbol, _spelt(wanted), spelt, keep)

    def _targets(self, each: TargetsOf) -> Piece:
        dimension = _dimension(each.dimension)
        wanted = [Target(PartName(self._key(part.key, dimension), part.label), part.percent) for part in each.parts]
        if not all(number.is_finite() for number in (each.tolerance, *(part.percent for part in each.parts))):
            raise InvalidValue(phrase("Expected percentages, was something else."))
        targets_check(dimension, wanted, each.tolerance)
        self._require_holdings(dimension, wanted)
        stored = stored_targets(self._portfolio_id, dimension.value, actor=self._actor)
        there: list[tuple[str, str, str]] = [] if stored is None else json.loads(stored.parts)
        parts = [Target(PartName(key, label), Decimal(percent)) for key, label, percent in there]
        spelt = _targets_spelt(parts, stored.tolerance) if stored is not None and parts else ""
        version = 0 if stored is None else stored.version

        def keep(held: HeldPortfolio) -> None:
            targets_keep(held, Targets(dimension, tuple(wanted), each.tolerance, version))

        said = _targets_spelt(wanted, each.tolerance)
        return compared(PieceKind.TARGETS, dimension.value, said, spelt, keep)

    def _key(self, key: str, dimension: Dimension) -> str:
        return str(self._arriving.symbol(key)) if dimension is Dimension.HOLDING and key != CASH else key

    def _require_holdings(self, dimension: Dimension, targets: Iterable[Target]) -> None:
        if dimension is not Dimension.HOLDING:
            return
        wanted = [Symbol(each.part.key) for each in targets if each.part.key != CASH]
        known = instruments_by_symbol(self._portfolio_id, actor=self._actor, symbols=wanted)
        for symbol in wanted:
            if symbol not in known and symbol not in self._arriving.instruments:
                raise InvalidValue(phrase("Expected an instrument that is known here, was {symbol}.", symbol=symbol))

    def _prices(self, prices: Iterable[PriceOf]) -> Iterator[Piece]:
        prices = tuple(prices)
        if not prices:
            return
        own = {each.symbol for each in private_instruments(self._portfolio_id, actor=self._actor)}
        own |= {symbol for symbol, each in self._arriving.instruments.items() if each.mic == PRIVATE_MIC}
        typed = typed_prices(self._portfolio_id, actor=self._actor)
        there = {(symbol, price.day): price for symbol, found in typed.items() for price in found}
        today = last_day(self._portfolio_id)

        def judged(each: PriceOf) -> Piece:
            symbol = self._arriving.symbol(each.symbol)
            if symbol not in own:
                raise InvalidValue(phrase("Only instruments that no feed prices have prices of their own here."))
            price, before = price_read(each.day, each.price, today=today), there.get((symbol, each.day))
            spelt = "" if before is None or before.is_withdrawn else plain(before.price)

            def keep(held: HeldPortfolio) -> None:
                price_append(held, symbol, price, after=before)

            what = f"{symbol} {each.day.isoformat()}"
            return compared(PieceKind.PRICE, what, plain(price.price), spelt, keep)

        for each in prices:
            yield self._read(PieceKind.PRICE, f"{each.symbol} {each.day}", partial(judged, each))


def compared(kind: PieceKind, what: str, said: str, there: str, keep: Keep) -> Piece:
    """A piece that is kept where nothing is `there`, and else is the same or stays as it is here."""
    if not there:
        return Piece(kind, what, said, Standing.NEW, keep=keep)
    return Piece(kind, what, said, Standing.SAME if said == there else Standing.OTHER)


def _spelt(said: Chosen) -> str:
    return json.dumps([said.class_label, said.sector, said.country, said.tag])


def _targets_spelt(targets: Iterable[Target], tolerance: Decimal) -> str:
    parts = [[each.part.key, each.part.label, canonical(each.percent)] for each in targets]
    return json.dumps([canonical(tolerance), parts])


def _dimension(text: str) -> Dimension:
    try:
        return Dimension(text)
    except ValueError:
        raise InvalidValue(
            phrase("Expected a dimension such as class, was {text}.", text=repr(shortened(text)))
        ) from None
