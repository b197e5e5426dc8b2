"""Transactions, as an actor may know of them: for lists and forms, for the history of versions, and for the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from tickfolio.domain.ledger.transactions import Transaction, TransactionId, TransactionType
from tickfolio.persistence.kept_lots import KeptLot, kept_lots
from tickfolio.persistence.ledger_mappers import transaction_from
from tickfolio.persistence.models import LedgerTransaction, TransactionVersion
from tickfolio.persistence.selectors.portfolios import parse_id
from tickfolio.persistence.tenancy import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionView:
    """One version of a transaction. What its type does not have is None or empty.

    Attributes:
        amount: the gross of a trade, a dividend or interest, what an exchange sold, the cash of a merger, the amount of all
            else.
        taxes: of a dividend or of interest the withholding tax.
        counter_amount: what an exchange bought, or a dividend was reinvested in.
        split_new, split_old: the ratio of a split, a spin-off or a merger.
        cash_in_lieu: in `currency`, as are the costs of `lots`.
        version: what an edit or a deletion must name.
        is_reached: whether the market's clock has reached it; one that it has not counts in no figure yet, unless it is due.
        is_due: whether it is a dividend that counts since its ex-date and is not paid yet.
        recorded_by: an e-mail address; empty where the system did it.
    """

    id: str
    portfolio_id: str
    account_id: str
    account_name: str
    version: int
    ledger_sequence: int
    is_deleted: bool
    is_reached: bool
    type: TransactionType
    at: datetime
    symbol: str
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    currency: str
    fees: Decimal | None
    taxes: Decimal | None
    settlement_amount: Decimal | None
    settlement_currency: str
    settlement_rate: Decimal | None
    counter_amount: Decimal | None
    counter_currency: str
    split_new: int | None
    split_old: int | None
    ex_date: date | None
    note: str
    import_batch_id: str | None
    recorded_at: datetime
    recorded_by: str
    to_account_id: str | None = None
    to_account_name: str = ""
    new_symbol: str = ""
    cost_share: Decimal | None = None
    cash_in_lieu: Decimal | None = None
    accrues_at: datetime | None = None
    is_due: bool = False
    lots: tuple[KeptLot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """Which transactions a list shows; what is None asks for nothing.

    Attributes:
        since, until: moments in UTC, the first included and the second not.
        text: a part of the note or of the symbol.
    """

    type: TransactionType | None = None
    account_id: str | None = None
    symbol: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """What became of a transaction with one step of the portfolio's sequence; None where it was deleted."""

    transaction_id: TransactionId
    ledger_sequence: int
    transaction: Transaction | None


def ledger_changes(portfolio_id: str, *, actor: Actor, after: int, upto: int) -> tuple[LedgerChange, ...]:
    """What was said of transactions after the sequence `after`, to `upto` inclusive, oldest first; one query.

    Later ones of a transaction replace earlier ones.
    """
    rows = TransactionVersion.objects.for_actor(actor).filter(
        portfolio_id=portfolio_id, ledger_sequence__gt=after, ledger_sequence__lte=upto
    )
    return tuple(
        LedgerChange(
            transaction_id=TransactionId(str(row.transaction_id)),
            ledger_sequence=row.ledger_sequence,
            transaction=None if row.is_deleted else transaction_from(row),
        )
        for row in rows.order_by("ledger_sequence")
    )


def transactions_of_positions(
    positions: Collection[tuple[str, str]], *, actor: Actor
) -> dict[tuple[str, str], list[Transaction]]:
    """What is booked of instruments in accounts, all that decides how much is held, by account and symbol; one query."""
    accounts = {uuid.UUID(account) for account, _ in positions}
    symbols = {symbol for _, symbol in positions}
    rows = LedgerTransaction.objects.for_actor(actor).filter(account__in=accounts, is_deleted=False)
    # Beyond that, a statement that names them all costs more than the rows that it spares.
    wanted = rows.filter(symbol__in=symbols) if len(symbols) <= _MOST_SYMBOLS_NAMED else rows.exclude(symbol="")
    found: dict[tuple[str, str], list[Transaction]] = {position: [] for position in positions}
    for row in wanted.select_related("current_version"):
        transactions = found.get((str(row.account_id), row.symbol))
        if transactions is not None:
            transactions.append(transaction_from(row.current_version))
    return found


def transactions_of_types(
    portfolio_id: str, types: Collection[TransactionType], *, actor: Actor, symbol: str | None = None
) -> tuple[Transaction, ...]:
    """What is booked of some types, of one symbol or of all; one query."""
    rows = LedgerTransaction.objects.for_actor(actor).filter(
        portfolio_id=portfolio_id, type__in=sorted(each.value for each in types), is_deleted=False
    )
    if symbol is not None:
        rows = rows.filter(symbol=symbol)
    return tuple(transaction_from(row.current_version) for row in rows.select_related("current_version"))


def living_versions(portfolio_id: str, *, head: int, actor: Actor) -> QuerySet[TransactionVersion]:
    """What was booked and lived at the sequence `head`."""
    later = TransactionVersion.objects.for_actor(actor).filter(
        transaction=OuterRef("transaction"), version__gt=OuterRef("version"), ledger_sequence__lte=head
    )
    living = TransactionVersion.objects.for_actor(actor).filter(
        ~Exists(later), portfolio_id=portfolio_id, ledger_sequence__lte=head
    )
    return living.filter(is_deleted=False)


def count_of_transactions(portfolio_id: str, wanted: TransactionFilter, *, actor: Actor) -> int:
    """How many transactions a filter leaves; one query."""
    return _filtered(portfolio_id, wanted, actor=actor).count()


def count_of_transactions_known(portfolio_id: str, wanted: TransactionFilter, *, head: int, actor: Actor) -> int:
    """How many a filter leaves of those that lived at the sequence `head`; one query."""
    return living_versions(portfolio_id, head=head, actor=actor).filter(_conditions(wanted)).count()


def newest_transactions(
    portfolio_id: str, wanted: TransactionFilter, *, actor: Actor, reached: datetime, slice_: slice
) -> tuple[TransactionView, ...]:
    """A part of the list, newest first; one query.

    Args:
        reached: the moment of the market.
    """
    rows = _filtered(portfolio_id, wanted, actor=actor).select_related(*_SHOWN)
    newest = rows.order_by("-at", "-entry_sequence")[slice_]
    return tuple(_view(row.current_version, account=row.account.name, reached=reached) for row in newest)


def newest_transactions_known(
    portfolio_id: str, wanted: TransactionFilter, *, head: int, actor: Actor, reached: datetime, slice_: slice
) -> tuple[TransactionView, ...]:
    """The same of those that lived at the sequence `head`, as they were then; one query."""
    rows = living_versions(portfolio_id, head=head, actor=actor).filter(_conditions(wanted))
    newest = rows.select_related("account", "recorded_by", "to_account").order_by("-at", "-entry_sequence")[slice_]
    return _views(newest, reached=reached)


def transaction_seen(
    portfolio_id: str, transaction_id: str, *, actor: Actor, reached: datetime
) -> TransactionView | None:
    """The newest version of a transaction, which may say that it is deleted; None where there is none. One query."""
    key = parse_id(transaction_id)
    if key is None:
        return None
    rows = LedgerTransaction.objects.for_actor(actor).filter(portfolio_id=portfolio_id, pk=key)
    row = rows.select_related(*_SHOWN).first()
    return None if row is None else _view(row.current_version, account=row.account.name, reached=reached)


def transactions_seen(
    portfolio_id: str, keys: Collection[uuid.UUID], *, actor: Actor, reached: datetime
) -> dict[str, TransactionView]:
    """The newest versions of several transactions by id, which may say that they are deleted; one query."""
    rows = LedgerTransaction.objects.for_actor(actor).filter(portfolio_id=portfolio_id, pk__in=keys)
    views = (
        _view(row.current_version, account=row.account.name, reached=reached) for row in rows.select_related(*_SHOWN)
    )
    return {view.id: view for view in views}


def versions_seen(
    portfolio_id: str, transaction_id: str, *, actor: Actor, reached: datetime
) -> tuple[TransactionView, ...]:
    """Every version of a transaction, newest first; one query."""
    rows = _versions(portfolio_id, transaction_id, actor=actor).order_by("-version")
    return _views(rows, reached=reached)


def version_seen(
    portfolio_id: str, transaction_id: str, *, version: int, actor: Actor, reached: datetime
) -> TransactionView | None:
    """One version of a transaction; None where there is none. One query."""
    rows = _versions(portfolio_id, transaction_id, actor=actor).filter(version=version)
    views = _views(rows, reached=reached)
    return views[0] if views else None


def versions_recorded(
    portfolio_id: str, *, actor: Actor, after: int, upto: int, reached: datetime, most: int
) -> tuple[TransactionView, ...]:
    """The `most` newest versions recorded after the sequence `after`, to `upto` inclusive, newest first; one query."""
    rows = _recorded(portfolio_id, actor=actor, after=after, upto=upto)
    newest = rows.select_related("account", "recorded_by", "to_account").order_by("-ledger_sequence")[:most]
    return _views(newest, reached=reached)


def is_anything_recorded(portfolio_id: str, *, actor: Actor, upto: int) -> bool:
    """Whether a version was recorded up to the sequence `upto`, inclusive; one query."""
    return _recorded(portfolio_id, actor=actor, after=0, upto=upto).exists()


def count_of_versions_recorded(portfolio_id: str, *, actor: Actor, after: int, upto: int) -> int:
    """How many versions were recorded after the sequence `after`, to `upto` inclusive; one query."""
    return _recorded(portfolio_id, actor=actor, after=after, upto=upto).count()


_MOST_SYMBOLS_NAMED = 100
_SHOWN = ("account", "current_version", "current_version__recorded_by", "current_version__to_account")


def _recorded(portfolio_id: str, *, actor: Actor, after: int, upto: int) -> QuerySet[TransactionVersion]:
    return TransactionVersion.objects.for_actor(actor).filter(
        portfolio_id=portfolio_id, ledger_sequence__gt=after, ledger_sequence__lte=upto
    )


def _versions(portfolio_id: str, transaction_id: str, *, actor: Actor) -> QuerySet[TransactionVersion]:
    rows = TransactionVersion.objects.for_actor(actor).select_related("account", "recorded_by", "to_account")
    key = parse_id(transaction_id)
    return rows.none() if key is None else rows.filter(portfolio_id=portfolio_id, transaction_id=key)


def _views(rows: QuerySet[TransactionVersion], *, reached: datetime) -> tuple[TransactionView, ...]:
    return tuple(_view(row, account=row.account.name, reached=reached) for row in rows)


def _filtered(portfolio_id: str, wanted: TransactionFilter, *, actor: Actor) -> QuerySet[LedgerTransaction]:
    rows = LedgerTransaction.objects.for_actor(actor).filter(portfolio_id=portfolio_id, is_deleted=False)
    return rows.filter(_conditions(wanted, version="current_version__"))


def _conditions(wanted: TransactionFilter, *, version: str = "") -> Q:
    """What a filter asks for, of rows that name the columns of a version with `version` before them."""
    conditions = Q()
    if wanted.type is not None:
        conditions &= Q(type=wanted.type.value)
    if wanted.account_id is not None:
        key = parse_id(wanted.account_id)
        conditions &= Q(account_id=key) if key is None else Q(account_id=key) | Q((f"{version}to_account", key))
    if wanted.symbol is not None:
        symbol = wanted.symbol.strip().upper()
        conditions &= Q(symbol=symbol) | Q((f"{version}new_symbol", symbol)) if symbol else Q(symbol=symbol)
    if wanted.since is not None:
        conditions &= Q(at__gte=wanted.since)
    if wanted.until is not None:
        conditions &= Q(at__lt=wanted.until)
    if wanted.text:
        symbols = Q(symbol__icontains=wanted.text) | Q((f"{version}new_symbol__icontains", wanted.text))
        conditions &= symbols | Q((f"{version}note__icontains", wanted.text))
    return conditions


def _view(row: TransactionVersion, *, account: str, reached: datetime) -> TransactionView:
    return TransactionView(
        id=str(row.transaction_id),
        portfolio_id=str(row.portfolio_id),
        account_id=str(row.account_id),
        account_name=account,
        version=row.version,
        ledger_sequence=row.ledger_sequence,
        is_deleted=row.is_deleted,
        is_reached=row.at <= reached,
        type=TransactionType(row.type),
        at=row.at.astimezone(UTC),
        symbol=row.symbol,
        quantity=row.quantity,
        price=row.price,
        amount=row.amount,
        currency=row.currency,
        fees=row.fees,
        taxes=row.taxes,
        settlement_amount=row.settlement_amount,
        settlement_currency=row.settlement_currency,
        settlement_rate=row.settlement_rate,
        counter_amount=row.counter_amount,
        counter_currency=row.counter_currency,
        split_new=row.split_new,
        split_old=row.split_old,
        ex_date=row.ex_date,
        note=row.note,
        import_batch_id=None if row.import_batch_id is None else str(row.import_batch_id),
        recorded_at=row.recorded_at.astimezone(UTC),
        recorded_by="" if row.recorded_by is None else row.recorded_by.email,
        to_account_id=None if row.to_account is None else str(row.to_account.pk),
        to_account_name="" if row.to_account is None else row.to_account.name,
        new_symbol=row.new_symbol,
        cost_share=row.cost_share,
        cash_in_lieu=row.cash_in_lieu,
        accrues_at=None if row.accrues_at is None else row.accrues_at.astimezone(UTC),
        is_due=row.accrues_at is not None and row.accrues_at <= reached < row.at,
        lots=kept_lots(row.lots),
    )
