"""Transactions that move cash and nothing else.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

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
from tickfolio.domain.records import named_record
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase


@named_record
class Deposit(Booking):
    """Cash that came in from outside the portfolio."""

    amount: Money

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_positive(self.amount, "a deposit")


@named_record
class Withdrawal(Booking):
    """Cash that left the portfolio."""

    amount: Money

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_positive(self.amount, "a withdrawal")


@named_record
class CashTransfer(Booking):
    """Cash that went from one account of the portfolio to another, with the rates at which it had come in."""

    amount: Money
    to_account: AccountId

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_positive(self.amount, "a transferred amount")
        require_other(self.to_account, self.account, "account")


@named_record
class CurrencyExchange(Booking):
    """`sold` went out and `bought` came in, both net of what the bank kept: their quotient is the rate really paid."""

    sold: Money
    bought: Money

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_positive(self.sold, "an amount sold")
        require_positive(self.bought, "an amount bought")
        if self.sold.currency == self.bought.currency:
            raise InvalidValue(
                phrase("Expected two currencies in an exchange, was {currency} twice.", currency=self.sold.currency)
            )


@named_record
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
        Booking.__post_init__(self)
        require_positive(self.gross, "interest")
        require_tax_within(self.withholding_tax, self.gross)
        require_settles(self.settlement, self.gross.currency)


@named_record
class Charge(Booking):
    """What was paid outside the cost of any trade, or paid back; `symbol` where it is for one instrument."""

    amount: Money
    symbol: Symbol | None = None

    def __post_init__(self) -> None:
        Booking.__post_init__(self)
        require_positive(self.amount, "an amount")


@named_record
class InterestCharge(Charge):
    """Interest that had to be paid, as on an overdraft: a fee."""


@named_record
class Fee(Charge):
    """A fee of its own."""


@named_record
class FeeRefund(Charge):
    """A fee that came back."""


@named_record
class Tax(Charge):
    """A tax of its own."""


@named_record
class TaxRefund(Charge):
    """A tax that came back."""
