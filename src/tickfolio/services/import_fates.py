"""What becomes of each row of a file in one portfolio: new, booked already, in need of a person, or refused with a reason.

Pure: what is booked and known comes in, and fates go out, so that the same can be judged twice and compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tickfolio.domain.ledger.touches import cash_of
from tickfolio.domain.ledger.transactions import (
    Buy,
    CashTransfer,
    Charge,
    CurrencyExchange,
    Deposit,
    DividendPayment,
    DividendReinvested,
    FeeRefund,
    Interest,
    Sell,
    TaxRefund,
    Transaction,
    TransactionId,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.runtime.long_jobs import UNTOLD, Progress, Step
from tickfolio.services.drafts import ReadDraft
from tickfolio.services.import_candidates import Bench, Candidate, ledger_place, references_in, row_id
from tickfolio.services.import_ground import (
    MAX_REASON,
    Fate,
    Ground,
    ReadRow,
    Verdict,
    new_instruments,
)
from tickfolio.services.import_notes import instrument_notes
from tickfolio.services.import_rate_notes import rate_notes
from tickfolio.services.import_shortfalls import AFTER_ALL, shortfalls
from tickfolio.statements.fingerprints import fingerprint, normalised

__all__ = ["Fate", "Ground", "Judgement", "ReadRow", "Verdict", "cash_moved", "judge", "new_instruments"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The fates by row, in the order of the file, and the new rows in the order in which they are booked.

    `notes` say what is so of instruments, whatever the number of their rows.
    """

    verdicts: Mapping[int, Verdict]
    order: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many rows have each fate."""
        return Counter(verdict.fate for verdict in self.verdicts.values())


def judge(rows: Sequence[ReadRow], ground: Ground, *, progress: Progress = UNTOLD) -> Judgement:
    """The fate of every row.

    Raises:
        JobCancelled: the person does not want it any more.
    """
    bench = Bench(ground, new_instruments(rows, ground), references_in(rows))
    verdicts: dict[int, Verdict] = {}
    candidates: list[Candidate] = []
    for row in progress.over(rows, Step.CHECK):
        found = bench.candidate(row)
        if isinstance(found, Verdict):
            verdicts[row.ordinal] = found
        else:
            candidates.append(found)
    candidates.sort(key=ledger_place)
    _number_equals(candidates)
    known = _known(candidates, ground)
    new = [each for each in candidates if each.row.ordinal not in known]
    ids = {row_id(ordinal): transaction for ordinal, transaction in known.items()}
    for each in new:
        each.read = with_lots_named(each.read, ids)
    # A row's number may be one that something booked at the same moment has.
    placed = (replace(each.read.transaction, sequence=AFTER_ALL + rank) for rank, each in enumerate(new))
    derived = ground.derived((*ground.booked, *placed))
    short = shortfalls(
        (*ground.booked, *derived),
        [(each.row.ordinal, each.read.transaction) for each in new],
        options=ground.options,
        base_value=ground.base_value,
    )
    for each in candidates:
        verdicts[each.row.ordinal] = _verdict(each, known, short)
    order = tuple(each.row.ordinal for each in new if each.row.ordinal not in short)
    in_order = {row.ordinal: verdicts[row.ordinal] for row in rows}
    notes = (*instrument_notes(in_order.values(), ground), *rate_notes(in_order.values(), ground))
    return Judgement(in_order, order, notes)


def with_lots_named(read: ReadDraft, ids: Mapping[TransactionId, TransactionId]) -> ReadDraft:
    """A row whose chosen lots are of other ids, as far as `ids` has them."""
    transaction = read.transaction
    if not isinstance(transaction, Sell | TransferOut) or not transaction.lots:
        return read
    lots = tuple(replace(lot, transaction=ids.get(lot.transaction, lot.transaction)) for lot in transaction.lots)
    return replace(read, transaction=replace(transaction, lots=lots))


# ---------- All rows ----------


def _number_equals(candidates: Iterable[Candidate]) -> None:
    """Gives each its fingerprint: equal rows are told apart by counting them."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in candidates:
        account = each.read.transaction.account
        counts[account, each.said] += 1
        each.fingerprint = fingerprint(account, each.said, ordinal=counts[account, each.said])


def _known(candidates: Sequence[Candidate], ground: Ground) -> dict[int, TransactionId]:
    """The transactions that rows are booked as already, by row; each transaction stands for one row.

    First by the fingerprint of the row that it came from, whatever it says now, then by what it says.
    """
    known: dict[int, TransactionId] = {}
    # A fingerprint names the account of its file, so one that stands in another account was moved there since.
    anywhere = {text: transaction for (_, text), transaction in ground.fingerprints.items()}
    for each in candidates:
        own = (each.read.transaction.account, each.fingerprint)
        found = ground.fingerprints.get(own, anywhere.get(each.fingerprint))
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


def _verdict(candidate: Candidate, known: Mapping[int, TransactionId], short: Mapping[int, str]) -> Verdict:
    ordinal, read, said = candidate.row.ordinal, candidate.read, candidate.fingerprint
    gross = read.transaction.gross.amount if isinstance(read.transaction, Buy | Sell) else None
    if ordinal in known:
        return Verdict(Fate.KNOWN, fingerprint=said, transaction=known[ordinal], gross=gross)
    if ordinal in short:
        return Verdict(Fate.REFUSED, short[ordinal], said, gross=gross)
    return Verdict(Fate.NEW, candidate.row.remark[:MAX_REASON], said, read=read, gross=gross)


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
        case Withdrawal():
            return (-transaction.amount,)
        case Charge():
            is_refund = isinstance(transaction, FeeRefund | TaxRefund)
            return (transaction.amount if is_refund else -transaction.amount,)
        case Buy():
            net, settlement = transaction.gross + transaction.fees + transaction.taxes, transaction.settlement
            return (-(net if settlement is None else settlement.amount),)
        case Sell():
            net, settlement = transaction.gross - transaction.fees - transaction.taxes, transaction.settlement
            return (net if settlement is None else settlement.amount,)
        case DividendPayment() | Interest():
            net, settlement = transaction.gross - transaction.withholding_tax, transaction.settlement
            bought = (-transaction.invested, -transaction.fees) if isinstance(transaction, DividendReinvested) else ()
            return (net if settlement is None else settlement.amount, *bought)
        case CurrencyExchange():
            return (-transaction.sold, transaction.bought)
        case CashTransfer() | TransferIn() | TransferOut():
            return ()  # between two accounts, or of no cash
        case _:
            return cash_of(transaction)
