"""What an instrument or an account brings and costs besides its trades, as it counts.

**Source**: docs/reference/definitions.md, sections Transactions and Gains.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.booking import Settlement, TransactionId
from tickfolio.domain.ledger.cash_transactions import Charge, FeeRefund, Interest, Tax, TaxRefund
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.trades import DividendPayment, DividendReinvested, Trade
from tickfolio.domain.money import Money
from tickfolio.domain.records import Record


class Income(Record, frozen=True):
    """A dividend or interest as it counts.

    Attributes:
        symbol: None for interest on cash.
        counts_at: the beginning of the ex-date or, where none is known, the payment.
        net: gross − withholding tax, in the currency of the income.
        paid: the net amount as it was paid.
    """

    transaction: TransactionId
    symbol: Symbol | None
    counts_at: datetime
    gross: Money
    tax: Money
    net: Money
    paid: Consideration
    is_interest: bool = False

    @property
    def is_accrued(self) -> bool:
        """Whether it counted as a receivable before it was paid."""
        return self.counts_at < self.paid.at


class ChargePaid(Record, frozen=True):
    """A fee or a tax outside the cost of a trade, or what came back of one."""

    transaction: TransactionId
    value: Consideration
    is_tax: bool = False
    is_refund: bool = False

    @property
    def at(self) -> datetime:
        """When it was paid."""
        return self.value.at


def income_of(payment: DividendPayment) -> Income:
    """A dividend as it counts: once, from the ex-date where one is known."""
    net = payment.gross - payment.withholding_tax
    return Income(
        transaction=payment.id,
        symbol=payment.symbol,
        counts_at=payment.accrues_at or payment.at,
        gross=payment.gross,
        tax=payment.withholding_tax,
        net=net,
        paid=moved_by(payment.at, net, payment.settlement),
    )


def interest_of(interest: Interest) -> Income:
    """Interest as it counts: when it is paid."""
    net = interest.gross - interest.withholding_tax
    return Income(
        transaction=interest.id,
        symbol=interest.symbol,
        counts_at=interest.at,
        gross=interest.gross,
        tax=interest.withholding_tax,
        net=net,
        paid=moved_by(interest.at, net, interest.settlement),
        is_interest=True,
    )


def charge_of(charge: Charge) -> ChargePaid:
    """A fee, a tax, interest that had to be paid, or a refund, as it counts."""
    return ChargePaid(
        transaction=charge.id,
        value=Consideration(charge.at, charge.amount),
        is_tax=isinstance(charge, (Tax, TaxRefund)),
        is_refund=isinstance(charge, (FeeRefund, TaxRefund)),
    )


def purchase_of(payment: DividendReinvested) -> Consideration:
    """What a reinvested dividend bought: its gross amount and the fees."""
    return Consideration(payment.at, payment.invested + payment.fees)


def moved_by(at: datetime, amount: Money, settlement: Settlement | None) -> Consideration:
    """An amount of a transaction, with what moved in cash instead where that was another currency."""
    if settlement is None:
        return Consideration(at, amount)
    return Consideration(at, amount, settlement.amount, settlement.rate.rate)


def trade_moved(trade: Trade, with_charges: Callable[[Decimal, Decimal], Decimal]) -> Consideration:
    """What a trade moved: gross with or without fees and taxes. Most trades have none of those, and then nothing is added."""
    amount, fees, taxes, settlement = trade.gross, trade.fees.amount, trade.taxes.amount, trade.settlement
    for charge in (fees, taxes) if fees or taxes else ():
        if charge:
            amount = Money(with_charges(amount.amount, charge), amount.currency)
    return Consideration(trade.at, amount) if settlement is None else moved_by(trade.at, amount, settlement)
