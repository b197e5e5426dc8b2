"""Transactions of every type, and rows that keep them."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.domain.ledger import bookings
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    FeeRefund,
    InterestCharge,
    LotChoice,
    Sell,
    Settlement,
    Split,
    Tax,
    TaxRefund,
    Transaction,
    TransactionId,
    Withdrawal,
)
from tickfolio.domain.money import Currency, ExchangeRate, Money
from tickfolio.identity.models import User
from tickfolio.persistence.ledger_mappers import columns_of
from tickfolio.persistence.models import Account, LedgerTransaction, Membership, Portfolio, TransactionVersion
from tickfolio.persistence.tenancy import Role, System

AT = datetime(2012, 5, 21, 14, 30, tzinfo=UTC)
EUR, USD = Currency("EUR"), Currency("USD")
AAPL = Symbol("AAPL")


def usd(amount: str) -> Money:
    return Money(Decimal(amount), USD)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), EUR)


def every_kind(account: str, other: str = str(uuid.UUID(int=99))) -> list[Transaction]:
    """One transaction of each type, and the optional parts once with and once without; `other` is where transfers go."""
    settled = Settlement(amount=eur("783.51"), rate=ExchangeRate(USD, EUR, Decimal("0.783123456789")))
    head: dict[str, Any] = {"account": AccountId(account), "at": AT}

    def identity(sequence: int) -> TransactionId:
        return TransactionId(str(uuid.UUID(int=sequence)))

    trade: dict[str, Any] = {
        "symbol": AAPL,
        "quantity": Decimal("0.123456789012345678"),
        "price": Decimal("560.1234"),
        "gross": usd("69.15"),
        "fees": usd("9.99"),
        "taxes": usd("0"),
    }
    return [
        Deposit(id=identity(1), sequence=1, **head, amount=eur("10000.00")),
        Withdrawal(id=identity(2), sequence=2, **head, amount=eur("12.34")),
        Buy(id=identity(3), sequence=3, **head, **trade),
        Buy(id=identity(4), sequence=4, **head, **trade, settlement=settled),
        Sell(id=identity(5), sequence=5, **head, **trade),
        Dividend(id=identity(6), sequence=6, **head, symbol=AAPL, gross=usd("2.65"), withholding_tax=usd("0.4")),
        Dividend(
            id=identity(7),
            sequence=7,
            **head,
            symbol=AAPL,
            gross=usd("2.65"),
            withholding_tax=usd("0"),
            accrues_at=datetime(2012, 5, 18, 13, 30, tzinfo=UTC),
            settlement=settled,
        ),
        Fee(id=identity(8), sequence=8, **head, amount=eur("4.50")),
        Fee(id=identity(9), sequence=9, **head, amount=eur("4.50"), symbol=AAPL),
        Split(id=identity(10), sequence=10, **head, symbol=AAPL, new=2, old=1),
        CurrencyExchange(id=identity(11), sequence=11, **head, sold=eur("1000"), bought=usd("1271.5")),
        *_later_kinds(account, other, first=12),
    ]


def _later_kinds(account: str, other: str, *, first: int) -> list[Transaction]:
    """The types that this file has no words of its own for, in those of the ledger's tests."""
    to, chosen = AccountId(other), (LotChoice(TransactionId(str(uuid.UUID(int=3))), Decimal("0.25")),)
    day = "2012-05-21"
    made: list[Transaction] = [
        bookings.sell(day, "2", "700 USD", lots=chosen),
        bookings.transfer_in(day, "3"),
        bookings.transfer_in(
            day, "3", bookings.received("2010-01-04", "1", "30.5 USD"), bookings.received("2011-01-04", "2", "70 USD")
        ),
        bookings.transfer_out(day, "2", to=None),
        bookings.transfer_out(day, "2.5", to=to, lots=chosen),
        bookings.cash_transfer(day, "12.5 EUR", to=to),
        bookings.reinvested(day, "10 USD", "0.5", "9 USD", fees="0.5", tax="0.4"),
        bookings.reinvested(day, "11 USD", "0.5", "9 USD", ex="2012-05-18 13:30"),
        bookings.interest(day, "2 EUR", tax="0.5"),
        bookings.interest(day, "3 USD", symbol=AAPL),
        bookings.charge(InterestCharge, day, "4.5 EUR"),
        bookings.charge(FeeRefund, day, "4.5 EUR"),
        bookings.charge(FeeRefund, day, "5.5 USD", symbol=AAPL),
        bookings.charge(Tax, day, "4.5 EUR"),
        bookings.charge(Tax, day, "5.5 USD", symbol=AAPL),
        bookings.charge(TaxRefund, day, "4.5 EUR"),
        replace(bookings.split(day, 3, 2), cash_in_lieu=usd("1.25")),
        bookings.stock_dividend(day, "0.75"),
        bookings.spin_off(day, 1, 4, "0.123456789012345678"),
        bookings.spin_off(day, 1, 4, "0.5", in_lieu="3.5 USD"),
        bookings.merger(day, 1, 2),
        bookings.merger(day, 1, 2, cash="10.5 USD"),
        bookings.merger(day, 1, 2, cash="10.5 USD", share="0", in_lieu="1 USD"),
        bookings.return_of_capital(day, "7.5 USD"),
        bookings.symbol_change(day),
    ]
    return [
        replace(each, id=TransactionId(str(uuid.UUID(int=number))), account=AccountId(account), sequence=number)
        for number, each in enumerate(made, start=first)
    ]


def keep(
    transaction: Transaction, account: Account, *, sequence: int, version: int = 1, is_deleted: bool = False
) -> None:
    """Writes one version of `transaction` and its header."""
    row = TransactionVersion(
        portfolio_id=account.portfolio_id,
        transaction_id=uuid.UUID(transaction.id),
        version=version,
        ledger_sequence=sequence,
        is_deleted=is_deleted,
        account=account,
        entry_sequence=transaction.sequence,
        recorded_at=AT,
        **columns_of(transaction),
    )
    columns = {"version": version, "current_version_id": row.pk, "is_deleted": is_deleted}
    headers = LedgerTransaction.objects.for_actor(System("a test")).filter(pk=row.transaction_id)
    if not headers.update(**columns):
        LedgerTransaction.unguarded.create(
            id=row.transaction_id,
            portfolio_id=account.portfolio_id,
            account=account,
            entry_sequence=transaction.sequence,
            type=row.type,
            at=transaction.at,
            **columns,
        )
    row.save()


def second_account(account: Account) -> Account:
    """Another account of the same portfolio."""
    return Account.unguarded.create(portfolio=account.portfolio, name="Bank", currency="EUR", created_at=AT)


def new_account() -> Account:
    """An account in a portfolio of Alice's."""
    alice = User.objects.create(email="alice@example.org")
    portfolio = Portfolio.unguarded.create(name="Long term", base_currency="EUR", created_at=AT)
    Membership.unguarded.create(portfolio=portfolio, user=alice, role=Role.OWNER, created_at=AT)
    return Account.unguarded.create(portfolio=portfolio, name="Broker", currency="EUR", created_at=AT)
