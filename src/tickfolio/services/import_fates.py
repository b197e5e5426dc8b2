"""What becomes of each row of a file in one portfolio: new, booked already, in need of a person, or refused with a reason.

Pure: what is booked and known comes in, and fates go out, so that the same can be judged twice and compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.domain.ledger.transactions import (
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Split,
    Transaction,
    TransactionId,
    TransactionType,
    Withdrawal,
)
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.errors import InvalidDraft, InvalidSymbol, TickfolioError
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.persistence.selectors.surroundings import PRIVATE_MIC
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import ReadDraft, Surroundings
from tickfolio.services.import_entries import draft_of, moment_of
from tickfolio.services.import_shortfalls import shortfalls
from tickfolio.statements.fingerprints import fingerprint, normalised
from tickfolio.statements.rows import Entry, InstrumentFacts, Refusal, shortened

MAX_REASON = 500
_RANKS = {
    TransactionType.DEPOSIT: 0,
    TransactionType.CURRENCY_EXCHANGE: 1,
    TransactionType.SPLIT: 2,
    TransactionType.BUY: 3,
    TransactionType.DIVIDEND: 4,
    TransactionType.FEE: 5,
    TransactionType.SELL: 6,
    TransactionType.WITHDRAWAL: 7,
}
"""Which of several rows of one moment is booked first where the file does not say: what is bought comes before what is sold."""


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"
    ASKS = "asks"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it was read; `ordinal` counts from 1 within the file."""

    ordinal: int
    outcome: Entry | Refusal
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What rows are judged on.

    Attributes:
        accounts: what each account's name in the file stands for; None where nobody has said it.
        instruments: those that the portfolio knows.
        facts: what the file says of its instruments, by symbol as it spells them.
        symbols: symbols that a person has chosen, by symbol as the file spells them.
        booked: every transaction that lives.
        fingerprints: transactions that came from files, by account and fingerprint.
    """

    accounts: Mapping[str, AccountView | None]
    instruments: Mapping[Symbol, Instrument]
    facts: Mapping[str, InstrumentFacts]
    symbols: Mapping[str, str]
    zone: ZoneInfo
    booked: Sequence[Transaction]
    fingerprints: Mapping[tuple[str, str], TransactionId]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of one row.

    Attributes:
        read: of a new row what is to be booked; its id and its sequence are given when it is.
        transaction: of a known row the one that has it.
        symbol: of a row in need of one, what the file has in its place.
    """

    fate: Fate
    reason: str = ""
    fingerprint: str = ""
    transaction: TransactionId | None = None
    read: ReadDraft | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The fates by row, in the order of the file, and the new rows in the order in which they are booked."""

    verdicts: Mapping[int, Verdict]
    order: tuple[int, ...]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many rows have each fate."""
        return Counter(verdict.fate for verdict in self.verdicts.values())


def judge(rows: Sequence[ReadRow], ground: Ground) -> Judgement:
    """The fate of every row."""
    bench = _Bench(ground, new_instruments(rows, ground))
    verdicts: dict[int, Verdict] = {}
    candidates: list[_Candidate] = []
    for row in rows:
        found = bench.candidate(row)
        if isinstance(found, Verdict):
            verdicts[row.ordinal] = found
        else:
            candidates.append(found)
    candidates.sort(key=_order)
    _number_equals(candidates)
    known = _known(candidates, ground)
    new = [each for each in candidates if each.row.ordinal not in known]
    short = shortfalls(ground.booked, [(each.row.ordinal, each.read.transaction) for each in new])
    for each in candidates:
        verdicts[each.row.ordinal] = _verdict(each, known, short)
    order = tuple(each.row.ordinal for each in new if each.row.ordinal not in short)
    return Judgement({row.ordinal: verdicts[row.ordinal] for row in rows}, order)


def new_instruments(rows: Iterable[ReadRow], ground: Ground) -> dict[Symbol, Instrument]:
    """The instruments that nobody knows and the file names: in the currency that it states, or trades them in most.

    One of which the file says no currency, such as a mere split, is left out.
    """
    currencies: dict[Symbol, Counter[str]] = defaultdict(Counter)
    names: dict[Symbol, str] = {}
    for row in rows:
        if not isinstance(row.outcome, Entry) or not row.outcome.symbol:
            continue
        entry, facts = row.outcome, ground.facts.get(row.outcome.symbol, InstrumentFacts())
        symbol = symbol_in(entry, ground)
        if symbol is None or symbol in ground.instruments:
            continue
        names[symbol] = max(names.get(symbol, ""), facts.name)
        weight = 1 if entry.type in (TransactionType.BUY, TransactionType.SELL) else 0
        currencies[symbol][facts.currency or entry.currency] += 10**6 if facts.currency else weight
    return {symbol: _private(symbol, names[symbol], found) for symbol, found in currencies.items() if any(found)}


def symbol_in(entry: Entry, ground: Ground) -> Symbol | None:
    """The symbol that an entry is booked under; None where its own is none and nobody has chosen one."""
    try:
        return normalise_symbol(ground.symbols.get(entry.symbol) or entry.symbol)
    except InvalidSymbol:
        return None


def _private(symbol: Symbol, name: str, currencies: Counter[str]) -> Instrument:
    code = max(currencies, key=lambda each: (bool(each), currencies[each], each))
    shown = " ".join("".join(each for each in name if each.isprintable()).split()) or symbol
    return Instrument(symbol=symbol, name=shown, mic=PRIVATE_MIC, currency=Currency(code))


# ---------- One row ----------


@dataclass(slots=True)
class _Candidate:
    """A row that makes sense by itself."""

    row: ReadRow
    entry: Entry
    read: ReadDraft
    said: str
    fingerprint: str = ""


class _Bench:
    """Reads rows against what is known."""

    def __init__(self, ground: Ground, new: Mapping[Symbol, Instrument]) -> None:
        self._ground = ground
        self._new = new
        self._instruments = {**new, **ground.instruments}
        accounts = {account.id: account for account in ground.accounts.values() if account is not None}
        self._surroundings = Surroundings(accounts=accounts, instruments=self._instruments)

    def candidate(self, row: ReadRow) -> _Candidate | Verdict:
        """The row as a transaction, or why it is none."""
        entry = row.outcome
        if isinstance(entry, Refusal):
            return Verdict(Fate.REFUSED if entry.asks is None else Fate.ASKS, entry.reason[:MAX_REASON])
        account = self._ground.accounts.get(entry.account)
        if account is None:
            return Verdict(Fate.ASKS, _no_account(entry.account))
        symbol = symbol_in(entry, self._ground) if entry.symbol else None
        if entry.symbol and symbol is None:
            reason = f"{shortened(entry.symbol)} is no symbol: choose one for it."
            return Verdict(Fate.ASKS, reason, symbol=entry.symbol)
        instrument = None if symbol is None else self._instruments.get(symbol)
        try:
            at = moment_of(entry.at, kind=entry.type, zone=self._ground.zone, instrument=instrument)
            draft = draft_of(entry, account_id=account.id, symbol=symbol or "", at=at)
            # The place is given when it is booked.
            read = read_draft(
                draft, surroundings=self._surroundings, transaction_id=TransactionId(""), sequence=row.ordinal
            )
        except InvalidDraft as invalid:
            return _refused(invalid, entry, instrument)
        except TickfolioError as error:
            return Verdict(Fate.REFUSED, str(error)[:MAX_REASON])
        day = entry.at if not isinstance(entry.at, datetime) else None
        if symbol is not None and symbol in self._new:
            read = replace(read, new_instrument=self._new[symbol])
        return _Candidate(row, entry, read, normalised(read.transaction, day=day))


def _refused(invalid: InvalidDraft, entry: Entry, instrument: Instrument | None) -> Verdict:
    """A draft that cannot be; of a symbol that is traded in another currency, a person may choose another one."""
    reason = " ".join(invalid.errors.values())[:MAX_REASON]
    if set(invalid.errors) == {"currency"} and instrument is not None and instrument.mic != PRIVATE_MIC:
        return Verdict(Fate.ASKS, f"{reason} Or choose another symbol."[:MAX_REASON], symbol=entry.symbol)
    return Verdict(Fate.REFUSED, reason)


def _no_account(name: str) -> str:
    return f"Choose the account that {shortened(name)} is." if name else "Choose the account of rows that name none."


def _order(candidate: _Candidate) -> tuple[str, datetime, int, int, str, str]:
    transaction, entry = candidate.read.transaction, candidate.entry
    rank = _RANKS[entry.type]
    return transaction.account, transaction.at, entry.order, rank, candidate.said, candidate.read.note


# ---------- All rows ----------


def _number_equals(candidates: Iterable[_Candidate]) -> None:
    """Gives each its fingerprint: equal rows are told apart by counting them."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in candidates:
        account = each.read.transaction.account
        counts[account, each.said] += 1
        each.fingerprint = fingerprint(account, each.said, ordinal=counts[account, each.said])


def _known(candidates: Sequence[_Candidate], ground: Ground) -> dict[int, TransactionId]:
    """The transactions that rows are booked as already, by row; each transaction stands for one row.

    First by the fingerprint of the row that it came from, whatever it says now, then by what it says.
    """
    known: dict[int, TransactionId] = {}
    for each in candidates:
        found = ground.fingerprints.get((each.read.transaction.account, each.fingerprint))
        if found is not None:
            known[each.row.ordinal] = found
    taken = set(known.values())
    saying: dict[tuple[str, str], list[TransactionId]] = defaultdict(list)
    for transaction in ground.booked:
        if transaction.id not in taken:
            saying[transaction.account, normalised(transaction)].append(transaction.id)
    for each in candidates:
        transaction = each.read.transaction
        if each.row.ordinal not in known and (same := saying.get((transaction.account, normalised(transaction)))):
            known[each.row.ordinal] = same.pop()
    return known


def _verdict(candidate: _Candidate, known: Mapping[int, TransactionId], short: Mapping[int, str]) -> Verdict:
    ordinal, read = candidate.row.ordinal, candidate.read
    if ordinal in known:
        return Verdict(Fate.KNOWN, fingerprint=candidate.fingerprint, transaction=known[ordinal])
    if ordinal in short:
        return Verdict(Fate.REFUSED, short[ordinal], candidate.fingerprint)
    remarks = [candidate.row.remark]
    if read.new_instrument is not None:
        remarks.append(f"No feed offers {read.new_instrument.symbol}: it is kept in this portfolio, without a price.")
    reason = " ".join(remark for remark in remarks if remark)[:MAX_REASON]
    return Verdict(Fate.NEW, reason, candidate.fingerprint, read=read)


def cash_moved(transactions: Iterable[Transaction]) -> dict[Currency, Decimal]:
    """What the transactions move in cash, by currency; above zero where more comes in than goes out."""
    moved: dict[Currency, Decimal] = {}
    for transaction in transactions:
        for money in _cash(transaction):
            moved[money.currency] = EXACT.add(moved.get(money.currency, Decimal(0)), money.amount)
    return moved


def _cash(transaction: Transaction) -> tuple[Money, ...]:
    match transaction:
        case Deposit():
            return (transaction.amount,)
        case Withdrawal() | Fee():
            return (-transaction.amount,)
        case Buy():
            net, settlement = transaction.gross + transaction.fees + transaction.taxes, transaction.settlement
            return (-(net if settlement is None else settlement.amount),)
        case Sell():
            net, settlement = transaction.gross - transaction.fees - transaction.taxes, transaction.settlement
            return (net if settlement is None else settlement.amount,)
        case Dividend():
            net, settlement = transaction.gross - transaction.withholding_tax, transaction.settlement
            return (net if settlement is None else settlement.amount,)
        case CurrencyExchange():
            return (-transaction.sold, transaction.bought)
        case Split():
            return ()
        case _:
            assert_never(transaction)
