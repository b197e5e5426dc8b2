"""A ledger with every type of transaction in it, booked by hand as a person would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.services.ledger_entries import Book, add, purchase, sale
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services import portfolios
from tickfolio.services.drafts import LotDraft, TransactionDraft
from tickfolio.services.transactions import TransactionView

FIRST = datetime(2011, 1, 3, 15, 0, tzinfo=UTC)
EARLIER = datetime(2009, 5, 4, 14, 0, tzinfo=UTC)


def drafted(kind: TransactionType, book: Book, day: int, **parts: Any) -> TransactionDraft:
    """A draft of a type, some days after the first."""
    numbers: dict[str, Any] = {
        name: Decimal(value) if isinstance(value, str) and name in _NUMBERS else value for name, value in parts.items()
    }
    return TransactionDraft(type=kind, account_id=book.account_id, at=FIRST + timedelta(days=day), **numbers)


def bank_of(mine: Book) -> str:
    """A second account."""
    return portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="=Bank", currency="EUR").id


def book_every_type(mine: Book) -> dict[TransactionType, TransactionView]:
    """Books at least one transaction of each type; the last of each."""
    bank, at = bank_of(mine), FIRST
    views = [add(mine, purchase(mine, at=at, quantity="100", price="10"))]
    views.append(add(mine, purchase(mine, at=at + timedelta(days=1), quantity="50", price="12", fees=Decimal(5))))
    chosen = (LotDraft(quantity=Decimal(20), transaction_id=views[-1].id),)
    received = (
        LotDraft(quantity=Decimal(4), acquired_at=EARLIER, cost=Decimal("30.5")),
        LotDraft(quantity=Decimal(6), acquired_at=EARLIER + timedelta(days=9), cost=Decimal(50)),
    )
    kinds, one = TransactionType, {"symbol": "AAPL"}
    new = {"new_symbol": "NEWCO", "creates_instrument": True, "instrument_name": "New Company"}
    later = [
        drafted(kinds.DEPOSIT, mine, 1, amount="1000"),
        drafted(kinds.WITHDRAWAL, mine, 1, amount="10"),
        drafted(kinds.CURRENCY_EXCHANGE, mine, 1, amount="100", counter_amount="75", counter_currency="EUR"),
        drafted(kinds.CASH_TRANSFER, mine, 1, amount="20", to_account_id=bank),
        sale(mine, at=at + timedelta(days=2), quantity="30", price="11", lots=chosen),
        drafted(kinds.TRANSFER_IN, mine, 3, **one, quantity="10", lots=received),
        drafted(kinds.TRANSFER_IN, mine, 3, symbol="IBM", quantity="3"),
        drafted(kinds.TRANSFER_OUT, mine, 4, **one, quantity="15", to_account_id=bank),
        replace(sale(mine, at=at + timedelta(days=4), quantity="5", price="11"), account_id=bank),
        drafted(kinds.TRANSFER_OUT, mine, 4, symbol="IBM", quantity="1"),
        drafted(kinds.DIVIDEND, mine, 5, **one, gross="12", taxes="1.8", ex_date=FIRST.date()),
        drafted(kinds.DIVIDEND_REINVESTED, mine, 5, **one, gross="12", taxes="2", quantity="0.5", price="19", fees="0.5"),
        drafted(kinds.INTEREST, mine, 6, gross="3", taxes="0.5"),
        drafted(kinds.INTEREST, mine, 6, **one, gross="4"),
        *(drafted(kind, mine, 7, amount="2.5") for kind in _CHARGES),
        *(drafted(kind, mine, 7, **one, amount="1.5") for kind in _CHARGES),
        drafted(kinds.STOCK_DIVIDEND, mine, 8, **one, quantity="1.5"),
        drafted(kinds.SPLIT, mine, 9, **one, split_new=3, split_old=2, cash_in_lieu="4"),
        drafted(kinds.RETURN_OF_CAPITAL, mine, 10, **one, amount="7.5"),
        drafted(kinds.SPIN_OFF, mine, 11, **one, **new, split_new=1, split_old=4, cost_share="0.125", cash_in_lieu="2"),
        drafted(kinds.SYMBOL_CHANGE, mine, 12, symbol="NEWCO", new_symbol="NEWCO.N", creates_instrument=True),
        drafted(
            kinds.MERGER, mine, 13, symbol="NEWCO.N", new_symbol="IBM", split_new=1, split_old=8, amount="3", cost_share="0.25"
        ),
    ]  # fmt: skip
    views += [add(mine, draft) for draft in later]
    return {view.type: view for view in views}


_CHARGES = (
    TransactionType.FEE,
    TransactionType.FEE_REFUND,
    TransactionType.TAX,
    TransactionType.TAX_REFUND,
    TransactionType.INTEREST_CHARGE,
)
_NUMBERS = frozenset(
    ("quantity", "price", "gross", "fees", "taxes", "amount", "counter_amount", "cost_share", "cash_in_lieu")
)
