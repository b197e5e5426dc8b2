"""People, portfolios and drafts, made up for tests of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.live.market import AAPL, IBM, instrument
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services import members, portfolios, transactions
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.market_records import instruments_register
from tickfolio.services.transactions import TransactionView

TRADED = datetime(2011, 3, 1, 15, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Book:
    """A portfolio with one account, and the actor who owns it."""

    owner: Person
    portfolio_id: str
    account_id: str


def person(name: str) -> Person:
    """Somebody who has signed up."""
    return Person(User.objects.create(email=f"{name}@example.org").pk)


def book(owner: Person, *, name: str = "Long term", currency: str = "USD") -> Book:
    """A new portfolio with one account; AAPL and IBM can be traded."""
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])
    portfolio = portfolios.portfolio_create(actor=owner, name=name, base_currency="EUR")
    account = portfolios.account_create(actor=owner, portfolio_id=portfolio.id, name="Broker", currency=currency)
    return Book(owner, portfolio.id, account.id)


def share(book: Book, name: str, role: Role) -> Person:
    """A new person, who gets that role in the portfolio."""
    newcomer = person(name)
    members.member_add(actor=book.owner, portfolio_id=book.portfolio_id, email=f"{name}@example.org", role=role)
    return newcomer


def purchase(book: Book, *, quantity: str = "10", price: str = "350.00", **parts: Any) -> TransactionDraft:
    """A purchase of AAPL."""
    draft = TransactionDraft(
        type=TransactionType.BUY,
        account_id=book.account_id,
        at=TRADED,
        symbol=AAPL,
        quantity=Decimal(quantity),
        price=Decimal(price),
    )
    return replace(draft, **parts)


def sale(book: Book, **parts: Any) -> TransactionDraft:
    """A sale of AAPL."""
    return replace(purchase(book, **parts), type=TransactionType.SELL)


def deposit(book: Book, amount: str = "5000.00", **parts: Any) -> TransactionDraft:
    """Cash that comes in."""
    draft = TransactionDraft(
        type=TransactionType.DEPOSIT, account_id=book.account_id, at=TRADED, amount=Decimal(amount)
    )
    return replace(draft, **parts)


def add(mine: Book, draft: TransactionDraft, **more: Any) -> TransactionView:
    """Books, as the owner."""
    return transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft, **more)


def edit(mine: Book, view: TransactionView, draft: TransactionDraft) -> TransactionView:
    """Edits what the owner has seen."""
    return transactions.transaction_edit(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=view.id,
        draft=draft,
        expected_version=view.version,
    )


def delete(mine: Book, view: TransactionView) -> None:
    """Deletes what the owner has seen."""
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=view.id, expected_version=view.version
    )


def current(mine: Book, view: TransactionView) -> TransactionView:
    """What it is now."""
    return transactions.transaction_view(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=view.id)


def history(mine: Book, view: TransactionView) -> tuple[TransactionView, ...]:
    """What it has been, newest first."""
    return transactions.transaction_history(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=view.id)
