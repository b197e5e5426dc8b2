"""One row of a file, read as the transaction that it means in one portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.transactions import TransactionId, TransactionType
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidDraft, InvalidValue, TickfolioError
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import LotDraft, ReadDraft, Surroundings
from tickfolio.services.import_entries import Found, draft_of, moment_of
from tickfolio.services.import_ground import MAX_REASON, Fate, Ground, ReadRow, Verdict, symbol_spelt
from tickfolio.services.import_scales import in_quote_unit
from tickfolio.statements.fingerprints import normalised
from tickfolio.statements.rows import Entry, EntryLot, InstrumentFacts, Refusal, shortened
from tickfolio.words import phrase

_RANKS = {
    kind: rank
    for rank, kinds in enumerate(
        (
            (TransactionType.DEPOSIT, TransactionType.FEE_REFUND, TransactionType.TAX_REFUND),
            (TransactionType.CURRENCY_EXCHANGE,),
            (
                TransactionType.SPLIT,
                TransactionType.STOCK_DIVIDEND,
                TransactionType.SPIN_OFF,
                TransactionType.MERGER,
                TransactionType.SYMBOL_CHANGE,
            ),
            (TransactionType.TRANSFER_IN, TransactionType.BUY),
            (TransactionType.DIVIDEND, TransactionType.DIVIDEND_REINVESTED, TransactionType.INTEREST),
            (TransactionType.RETURN_OF_CAPITAL,),
            (TransactionType.FEE, TransactionType.TAX, TransactionType.INTEREST_CHARGE),
            (TransactionType.TRANSFER_OUT, TransactionType.CASH_TRANSFER),
            (TransactionType.SELL,),
            (TransactionType.WITHDRAWAL,),
        )
    )
    for kind in kinds
}
"""Which of several rows of one moment is booked first where the file does not say: what is bought comes before what is sold."""


@dataclass(slots=True)
class Candidate:
    """A row that makes sense by itself."""

    row: ReadRow
    entry: Entry
    read: ReadDraft
    said: str
    fingerprint: str = ""


class Bench:
    """Reads rows against what is known."""

    def __init__(
        self, ground: Ground, new: Mapping[Symbol, Instrument], references: Mapping[str, TransactionId]
    ) -> None:
        self._ground = ground
        self._references = references
        self._new = new
        self._instruments = {**new, **ground.instruments}
        accounts = {account.id: account for account in ground.accounts.values() if account is not None}
        self._surroundings = Surroundings(accounts=accounts, instruments=self._instruments)

    def candidate(self, row: ReadRow) -> Candidate | Verdict:
        """The row as a transaction, or why it is none."""
        entry = row.outcome
        if isinstance(entry, Refusal):
            return Verdict(Fate.REFUSED if entry.asks is None else Fate.ASKS, entry.reason[:MAX_REASON])
        account = self._ground.accounts.get(entry.account)
        other = self._ground.accounts.get(entry.to_account) if entry.to_account else None
        if account is None or (entry.to_account and other is None):
            return Verdict(Fate.ASKS, _no_account(entry.account if account is None else entry.to_account))
        symbols = {text: symbol_spelt(text, self._ground) for text in (entry.symbol, entry.new_symbol) if text}
        for text, symbol in symbols.items():
            if symbol is None:
                return Verdict(
                    Fate.ASKS, phrase("{text} is no symbol: choose one for it.", text=shortened(text)), symbol=text
                )
        for text, symbol in symbols.items():
            if symbol is not None and (reason := self._other_contract(text, symbol)):
                return Verdict(Fate.REFUSED, reason)
        named = [symbol for symbol in symbols.values() if symbol is not None]
        instrument = self._instruments.get(named[0]) if named else None
        try:
            stated = self._ground.facts.get(entry.symbol, InstrumentFacts()).quote_unit
            entry = in_quote_unit(entry, instrument, stated=stated)
            found = Found(
                account_id=account.id,
                at=moment_of(entry.at, kind=entry.type, zone=self._ground.zone, instrument=instrument),
                symbol=symbols.get(entry.symbol) or "",
                to_account_id=None if other is None else other.id,
                new_symbol=symbols.get(entry.new_symbol) or "",
                lots=tuple(self._lot(lot, instrument) for lot in entry.lots),
            )
            # The place is given when it is booked.
            read = read_draft(
                draft_of(entry, found),
                surroundings=self._surroundings,
                transaction_id=row_id(row.ordinal),
                sequence=row.ordinal,
            )
        except InvalidDraft as invalid:
            return _refused(invalid, entry, instrument)
        except TickfolioError as error:
            return Verdict(Fate.REFUSED, str(error)[:MAX_REASON])
        day = entry.at if not isinstance(entry.at, datetime) else None
        read = replace(read, new_instruments=tuple(self._new[each] for each in named if each in self._new))
        return Candidate(row, entry, read, normalised(read.transaction, day=day))

    def _other_contract(self, text: str, symbol: Symbol) -> str:
        """Why trades of an instrument cannot be counted as the file counts them; empty where they can."""
        facts, instrument = self._ground.facts.get(text), self._instruments.get(symbol)
        if facts is None or instrument is None:
            return ""
        for what, stated, kept in (
            (phrase("contract size"), facts.contract_size, instrument.contract_size),
            (phrase("quote unit"), facts.quote_unit, instrument.quote_unit),
        ):
            if stated is not None and stated != kept:
                return phrase(
                    "Expected {expected}, the {what} that {symbol} has in this portfolio, was {found}.",
                    expected=plain(kept),
                    what=what,
                    symbol=symbol,
                    found=plain(stated),
                )
        return ""

    def _lot(self, lot: EntryLot, instrument: Instrument | None) -> LotDraft:
        """A lot, chosen by the row that it names or received; one bought on a day was bought as a purchase of it would be.

        Raises:
            InvalidValue: it names no row of the file.
        """
        if lot.acquired_at is not None:
            zone = self._ground.zone
            acquired_at = moment_of(lot.acquired_at, kind=TransactionType.BUY, zone=zone, instrument=instrument)
            return LotDraft(quantity=lot.quantity, acquired_at=acquired_at, cost=lot.cost)
        chosen = self._references.get(lot.reference)
        if chosen is None:
            raise InvalidValue(
                phrase(
                    "Expected a lot of a row of this file, was {reference}, which no row bears.",
                    reference=repr(shortened(lot.reference)),
                )
            )
        return LotDraft(quantity=lot.quantity, transaction_id=chosen)


def row_id(ordinal: int) -> TransactionId:
    """What stands for the id of a row that is not booked yet."""
    return TransactionId(f"row {ordinal}")


def references_in(rows: Iterable[ReadRow]) -> dict[str, TransactionId]:
    """The rows that chosen lots may name, by the word for them; of several of one word the first."""
    found: dict[str, TransactionId] = {}
    for row in rows:
        if isinstance(row.outcome, Entry) and row.outcome.reference:
            found.setdefault(row.outcome.reference, row_id(row.ordinal))
    return found


def _refused(invalid: InvalidDraft, entry: Entry, instrument: Instrument | None) -> Verdict:
    """A draft that cannot be; of a symbol that is traded in another currency, a person may choose another one."""
    reason = " ".join(invalid.errors.values())[:MAX_REASON]
    if set(invalid.errors) == {"currency"} and instrument is not None and instrument.mic != PRIVATE_MIC:
        return Verdict(
            Fate.ASKS, phrase("{reason} Or choose another symbol.", reason=reason)[:MAX_REASON], symbol=entry.symbol
        )
    return Verdict(Fate.REFUSED, reason)


def _no_account(name: str) -> str:
    return (
        phrase("Choose the account that {name} is.", name=shortened(name))
        if name
        else phrase("Choose the account of rows that name none.")
    )


def ledger_place(candidate: Candidate) -> tuple[datetime, int, int, str, str, str]:
    """The key by which rows are booked: all accounts together, since one may need what another handed over."""
    transaction, entry = candidate.read.transaction, candidate.entry
    rank = _RANKS[entry.type]
    return transaction.at, entry.order, rank, transaction.account, candidate.said, candidate.read.note
