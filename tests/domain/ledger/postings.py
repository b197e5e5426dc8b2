"""What each type of transaction moves in cash, written down once more by hand from the page of definitions."""

from __future__ import annotations

from tickfolio.domain.ledger import transactions as t
from tickfolio.domain.ledger.transactions import AccountId, Settlement, Transaction
from tickfolio.domain.money import Money


def postings(transaction: Transaction) -> list[tuple[AccountId, Money]]:
    """What moved and in which account, negative where it went out."""
    account = transaction.account
    if isinstance(transaction, t.CashTransfer):
        return [(account, -transaction.amount), (transaction.to_account, transaction.amount)]
    return [(account, money) for money in _moved(transaction)]


def _moved(each: Transaction) -> list[Money]:
    match each:
        case t.Deposit() | t.FeeRefund() | t.TaxRefund() | t.ReturnOfCapital():
            return [each.amount]
        case t.Withdrawal() | t.Fee() | t.Tax() | t.InterestCharge():
            return [-each.amount]
        case t.Buy():
            return [-_settled(each.gross + each.fees + each.taxes, each.settlement)]
        case t.Sell():
            return [_settled(each.gross - each.fees - each.taxes, each.settlement)]
        case t.Dividend() | t.Interest():
            return [_settled(each.gross - each.withholding_tax, each.settlement)]
        case t.DividendReinvested():
            return [each.gross - each.withholding_tax, -(each.invested + each.fees)]
        case t.CurrencyExchange():
            return [-each.sold, each.bought]
        case t.Split() | t.SpinOff():
            return [money for money in (each.cash_in_lieu,) if money is not None]
        case t.Merger():
            return [money for money in (each.cash, each.cash_in_lieu) if money is not None]
        case _:
            return []


def _settled(money: Money, settlement: Settlement | None) -> Money:
    return money if settlement is None else settlement.amount
