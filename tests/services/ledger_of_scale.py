"""A ledger of one busy person: 14,400 transactions in 300 holdings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import count

from tests.live.market import instrument
from tests.services.ledger_entries import TRADED, Book, book
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.tenancy import Person
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledger_writes import NewEntry, append, next_sequence, surroundings_of, transaction_ids
from tickfolio.services.market_records import instruments_register
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import held_portfolio

HOLDINGS = 300
ROUNDS = 48
SYMBOLS = tuple(Symbol(f"S{number:03}") for number in range(HOLDINGS))


def busy_book(owner: Person) -> Book:
    """A portfolio in which each of 300 shares was bought or sold 48 times, one transaction an hour."""
    mine = book(owner)
    instruments_register(instruments=[instrument(symbol) for symbol in SYMBOLS])
    with held_portfolio(actor=owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK) as held:
        surroundings = surroundings_of(held, SYMBOLS)
        sequence = count(next_sequence(held))
        ids = iter(transaction_ids(HOLDINGS * ROUNDS))
        append(
            held,
            [
                NewEntry(
                    read=read_draft(
                        _draft(mine, number),
                        surroundings=surroundings,
                        transaction_id=next(ids),
                        sequence=next(sequence),
                    )
                )
                for number in range(HOLDINGS * ROUNDS)
            ],
        )
    return mine


def _draft(mine: Book, number: int) -> TransactionDraft:
    round_, holding = divmod(number, HOLDINGS)
    return TransactionDraft(
        type=TransactionType.SELL if round_ % 3 == 2 else TransactionType.BUY,
        account_id=mine.account_id,
        at=TRADED + timedelta(hours=number),
        symbol=SYMBOLS[holding],
        quantity=Decimal(1 + number % 7 if round_ % 3 == 0 else 1),
        price=Decimal(1000 + number % 977) / 10,
        note=f"round {round_}",
    )
