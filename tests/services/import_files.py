"""Files and what is done with them, for tests of imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tests.services.ledger_entries import Book
from tickfolio.domain.ledger.ledger import AccountLedger, fold_all
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.persistence.tenancy import Person
from tickfolio.services import import_bookings, imports
from tickfolio.services.import_bookings import Booking
from tickfolio.services.import_fates import Fate
from tickfolio.services.imports import Choices, FateRow
from tickfolio.services.ledgers import book_of
from tickfolio.statements.fingerprints import normalised

HEADING = "date,type,symbol,quantity,price,amount,currency,fee,account,note\n"


def table(*rows: str, heading: str = HEADING) -> bytes:
    """A file with these rows."""
    return (heading + "".join(f"{row}\n" for row in rows)).encode()


def previewed(book: Book, content: bytes, *, actor: Person | None = None, name: str = "trades.csv") -> str:
    """A preview's id."""
    return imports.import_preview(
        actor=actor or book.owner, portfolio_id=book.portfolio_id, content=content, file_name=name
    )


def rows_of(book: Book, batch: str) -> tuple[FateRow, ...]:
    """Every row of a batch."""
    found: list[FateRow] = []
    number = pages = 1
    while number <= pages:
        page = imports.import_rows(actor=book.owner, portfolio_id=book.portfolio_id, batch_id=batch, page=number)
        found, number, pages = [*found, *page.rows], number + 1, page.pages
    return tuple(found)


def fates(book: Book, batch: str) -> list[str]:
    """The fate of every row."""
    return [row.fate for row in rows_of(book, batch)]


def reasons(book: Book, batch: str) -> list[str]:
    """The reason beside every row."""
    return [row.reason for row in rows_of(book, batch)]


def notes(book: Book, batch: str) -> tuple[str, ...]:
    """What is said of instruments above the rows."""
    return imports.import_view(actor=book.owner, portfolio_id=book.portfolio_id, batch_id=batch).notes


def choose(book: Book, batch: str, **choices: dict[str, str]) -> None:
    """Decides something about a preview."""
    imports.import_choose(actor=book.owner, portfolio_id=book.portfolio_id, batch_id=batch, choices=Choices(**choices))


def booked(book: Book, batch: str) -> Booking:
    """Books what is shown."""
    shown = imports.import_view(actor=book.owner, portfolio_id=book.portfolio_id, batch_id=batch)
    return import_bookings.import_book(
        actor=book.owner, portfolio_id=book.portfolio_id, batch_id=batch, digest=shown.digest
    )


def imported(book: Book, content: bytes) -> str:
    """Previews a file and books its new rows, if it has any."""
    batch = previewed(book, content)
    if Fate.NEW in fates(book, batch):
        assert booked(book, batch).differences == ()
    return batch


def undone(book: Book, batch: str) -> int:
    """Undoes a batch."""
    return import_bookings.import_undo(actor=book.owner, portfolio_id=book.portfolio_id, batch_id=batch)


def ledger_of(book: Book) -> tuple[Transaction, ...]:
    """What is booked and lives, in ledger order account after account."""
    held = book_of(actor=book.owner, portfolio_id=book.portfolio_id)
    return tuple(sorted(held.book.transactions, key=lambda each: (each.account, each.at, each.sequence)))


def said(transactions: Iterable[Transaction]) -> list[str]:
    """What transactions say, in their order, whatever their ids."""
    return [normalised(each) for each in transactions]


def account_names(book: Book) -> dict[str, str]:
    """Names of accounts by id."""
    held = book_of(actor=book.owner, portfolio_id=book.portfolio_id)
    return {account.id: account.name for account in held.book.accounts}


def standing(book: Book) -> dict[str, object]:
    """What a ledger comes to, account by account: order, lots, cash."""
    by_account: dict[AccountId, list[Transaction]] = {}
    for transaction in ledger_of(book):
        by_account.setdefault(transaction.account, []).append(transaction)
    held = book_of(actor=book.owner, portfolio_id=book.portfolio_id).book
    ledgers = fold_all({account.id: account.options for account in held.accounts}, held.transactions)
    return {
        account.name: _standing(ledgers[account.id], by_account.get(account.id, []))
        for account in held.accounts
        if by_account.get(account.id)
    }


def _standing(ledger: AccountLedger, transactions: Sequence[Transaction]) -> object:
    lots = {
        symbol: [(lot.quantity, lot.acquired_at, lot.cost.stated) for lot in position.lots]
        for symbol, position in ledger.positions.items()
        if position.lots
    }
    closed = {
        symbol: [
            (lot.quantity, lot.cost.stated, lot.proceeds.stated, lot.acquired_at, lot.closed_at)
            for lot in position.closed
        ]
        for symbol, position in ledger.positions.items()
        if position.closed
    }
    cash: dict[str, Decimal] = {currency.code: position.balance for currency, position in ledger.cash.items()}
    return {"said": said(transactions), "lots": lots, "closed": closed, "cash": cash}
