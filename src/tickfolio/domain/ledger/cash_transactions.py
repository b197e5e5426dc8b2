"""Transactions that move cash and nothing else.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import (
    AccountId,
    Booking,
    Settlement,
    require_other,
    require_positive,
    require_settles,
    require_tax_within,
)
from tickfolio.domain.money import Money
from tickfolio.errors import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit(Booking):
    """Cash that came in from outside the portfolio."""

    amount: Money

    def __post_init__(self) -> None:
        super(Deposit, self).__post_init__()
        require_positive(self.amount, "a deposit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Booking):
    """Cash that left the portfolio."""

    amount: Money

    def __post_init__(self) -> None:
        super(Withdrawal, self).__post_init__()
        require_positive(self.amount, "a withdrawal")


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTransfer(Booking):
    """Cash that went from one account of the portfolio to another, with the rates at which it had come in."""

    amount: Money
    to_account: AccountId

    def __post_init__(self) -> None:
        super(CashTransfer, self).__post_init__()
        require_positive(self.amount, "a transferred amount")
        require_other(self.to_account, self.account, "account")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyExchange(Booking):
    """`sold` went out and `bought` came in, both net of what the bank kept: their quotient is the rate really paid."""

    sold: Money
    bought: Money

    def __post_init__(self) -> None:
        super(CurrencyExchange, self).__post_init__()
        require_positive(self.sold, "an amount sold")
        require_positive(self.bought, "an amount bought")
        if self.sold.currency == self.bought.currency:
            raise InvalidValue(f"Expected two currencies in an exchange, was {self.sold.currency} twice.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest(Booking):
    """Interest that was paid; `symbol` where it is of a bond.

    Attributes:
        gross: before the tax that was withheld.
        settlement: what moved in cash, where that was in another currency.
    """

    gross: Money
    withholding_tax: Money
    symbol: Symbol | None = None
    settlement: Settlement | None = None

    def __post_init__(self) -> None:
        super(Interest, self).__post_init__()
        require_positive(self.gross, "interest")
        require_tax_within(self.withholding_tax, self.gross)
        require_settles(self.settlement, self.gross.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Booking):
    """What was paid outside the cost of any trade, or paid back; `symbol` where it is for one instrument."""

    amount: Money
    symbol: Symbol | None = None

    def __post_init__(self) -> None:
        super(Charge, self).__post_init__()
        require_positive(self.amount, "an amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestCharge(Charge):
    """Interest that had to be paid, as on an overdraft: a fee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Charge):
    """A fee of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRefund(Charge):
    """A fee that came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax(Charge):
    """A tax of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRefund(Charge):
    """A tax that came back."""
