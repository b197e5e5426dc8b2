"""Accounts worked out the slow and obvious way: exact fractions, a list of lots that is sorted for every sale.

It shares nothing with the product but the transactions, the options and the rate table. Its divisions are exact, so figures
agree with the product's to what rounding to 18 places leaves.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import floor

from tests.domain.ledger.plain_lots import NOTHING, PlainAccount, PlainCash, PlainLot
from tickfolio.domain.ledger import transactions as t
from tickfolio.domain.ledger.options import AccountOptions, CashMethod, CostMethod
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency, Money


class PlainBook:
    """Books transactions in their order."""

    def __init__(self, options: dict[t.AccountId, AccountOptions], base: Currency, rates: RateTable) -> None:
        self.options, self.base, self.rates = options, base, rates
        self.accounts = {account: PlainAccount() for account in options}

    def rate(self, currency: Currency, at: datetime) -> Fraction:
        found = self.rates.rate_at(currency, self.base, at=at)
        assert not isinstance(found, Unpriced)
        return Fraction(found.rate)

    def worth(
        self, money: Money, at: datetime, settlement: t.Settlement | None = None, whole: Money | None = None
    ) -> Fraction:
        """In the base currency: the side that is in it, else what moved at the rate in force."""
        if money.currency == self.base or settlement is None:
            return Fraction(money.amount) * self.rate(money.currency, at)
        moved = Fraction(settlement.amount.amount) * self.rate(settlement.amount.currency, at)
        return moved * Fraction(money.amount) / Fraction((whole or money).amount)

    def book(self, transaction: t.Transaction) -> None:
        account, options = self.accounts[transaction.account], self.options[transaction.account]
        name = type(transaction).__name__.lower()
        getattr(self, f"_{name}")(transaction, account, options)

    # ---------- Cash ----------

    def move(
        self, account: PlainAccount, options: AccountOptions, currency: Currency, amount: Fraction, base: Fraction
    ) -> None:
        """`amount` is signed, `base` is not."""
        lots = account.cash[currency]
        while amount and lots and (lots[0].amount > 0) is (amount < 0):
            first = lots[0]
            part = min(abs(first.amount), abs(amount))
            of_lot, of_flow = first.base * part / abs(first.amount), base * part / abs(amount)
            account.relieved += of_flow - of_lot if first.amount > 0 else of_lot - of_flow
            first.base, base = first.base - of_lot, base - of_flow
            first.amount += part if first.amount < 0 else -part
            amount += part if amount < 0 else -part
            if not first.amount:
                lots.pop(0)
        if amount:
            lots.append(PlainCash(amount, base))
        if options.cash_method is CashMethod.AVERAGE and len(lots) > 1:
            account.cash[currency] = [
                PlainCash(sum((each.amount for each in lots), NOTHING), sum((each.base for each in lots), NOTHING))
            ]

    def moved(
        self,
        account: PlainAccount,
        options: AccountOptions,
        money: Money,
        settlement: t.Settlement | None,
        base: Fraction,
        sign: int,
    ) -> None:
        real = money if settlement is None else settlement.amount
        self.move(account, options, real.currency, sign * Fraction(real.amount), base)

    def _deposit(
        self, each: t.Deposit | t.Withdrawal, account: PlainAccount, options: AccountOptions, sign: int = 1
    ) -> None:
        base = self.worth(each.amount, each.at)
        account.flows += sign * base
        self.moved(account, options, each.amount, None, base, sign)

    def _withdrawal(self, each: t.Withdrawal, account: PlainAccount, options: AccountOptions) -> None:
        self._deposit(each, account, options, -1)

    def _cashtransfer(self, each: t.CashTransfer, account: PlainAccount, options: AccountOptions) -> None:
        other, currency = self.accounts[each.to_account], each.amount.currency
        left, now = Fraction(each.amount.amount), self.worth(each.amount, each.at)
        lots = account.cash[currency]
        going: list[PlainCash] = []
        while left and lots and lots[0].amount > 0:
            part = min(lots[0].amount, left)
            base = lots[0].base * part / lots[0].amount
            going.append(PlainCash(part, base))
            lots[0].amount, lots[0].base, left = lots[0].amount - part, lots[0].base - base, left - part
            if not lots[0].amount:
                lots.pop(0)
        if left:
            base = now * left / Fraction(each.amount.amount)
            going.append(PlainCash(left, base))
            self.move(account, options, currency, -left, base)
        for lot in going:
            self.move(other, self.options[each.to_account], currency, lot.amount, lot.base)
            account.flows -= lot.base
            other.flows += lot.base

    def _currencyexchange(self, each: t.CurrencyExchange, account: PlainAccount, options: AccountOptions) -> None:
        base = self.worth(each.bought, each.at)
        if each.sold.currency == self.base:
            base = Fraction(each.sold.amount)
        self.moved(account, options, each.sold, None, base, -1)
        self.moved(account, options, each.bought, None, base, 1)

    def _fee(self, each: t.Charge, account: PlainAccount, options: AccountOptions) -> None:
        base = self.worth(each.amount, each.at)
        sign = -1 if isinstance(each, (t.FeeRefund, t.TaxRefund)) else 1
        if isinstance(each, (t.Tax, t.TaxRefund)):
            account.taxes += sign * base
        else:
            account.fees += sign * base
        self.moved(account, options, each.amount, None, base, -sign)

    _feerefund = _tax = _taxrefund = _interestcharge = _fee

    def _interest(self, each: t.Interest, account: PlainAccount, options: AccountOptions) -> None:
        self._earned(each, account, options, each.at)

    def _dividend(self, each: t.Dividend, account: PlainAccount, options: AccountOptions) -> None:
        self._earned(each, account, options, each.accrues_at or each.at)

    def _earned(
        self,
        each: t.Interest | t.Dividend | t.DividendReinvested,
        account: PlainAccount,
        options: AccountOptions,
        counts: datetime,
    ) -> None:
        net = each.gross - each.withholding_tax
        paid = self.worth(net, each.at, each.settlement)
        if counts < each.at:
            account.income += self.worth(each.gross, counts)
            account.taxes += self.worth(each.withholding_tax, counts)
            account.waiting += paid - self.worth(net, counts)
        else:
            rate = self.rate(net.currency, each.at)
            if each.settlement is not None and net.currency != self.base:
                rate = Fraction(each.settlement.rate.rate) * self.rate(each.settlement.amount.currency, each.at)
            tax = Fraction(each.withholding_tax.amount) * rate
            account.income += paid + tax
            account.taxes += tax
        if net.amount:
            self.moved(account, options, net, each.settlement, paid, 1)

    def _dividendreinvested(self, each: t.DividendReinvested, account: PlainAccount, options: AccountOptions) -> None:
        self._earned(each, account, options, each.accrues_at or each.at)
        cost = each.invested + each.fees
        base = self.worth(cost, each.at)
        inside = cost if options.fees_in_cost else each.invested
        account.fees += NOTHING if options.fees_in_cost else self.worth(each.fees, each.at)
        lot = PlainLot(each.id, each.at, Fraction(each.quantity), Fraction(inside.amount), self.worth(inside, each.at))
        self.put(account, options, each.symbol, lot)
        self.moved(account, options, cost, None, base, -1)

    # ---------- Lots ----------

    def put(self, account: PlainAccount, options: AccountOptions, symbol: str, lot: PlainLot) -> None:
        lots = account.lots[symbol]
        lots.append(lot)
        lots.sort(key=lambda each: each.at)
        if options.method is CostMethod.AVERAGE:
            self.spread(lots)

    def spread(self, lots: list[PlainLot]) -> None:
        """Each unit costs the same."""
        units = sum((lot.units for lot in lots), NOTHING)
        stated, base = sum((lot.stated for lot in lots), NOTHING), sum((lot.base for lot in lots), NOTHING)
        for lot in lots:
            lot.stated, lot.base = stated * lot.units / units, base * lot.units / units

    def take(
        self,
        account: PlainAccount,
        options: AccountOptions,
        symbol: str,
        units: Fraction,
        chosen: tuple[t.LotChoice, ...] = (),
    ) -> list[PlainLot]:
        """Takes signed `units`."""
        lots, taken = account.lots[symbol], []
        sign = 1 if units > 0 else -1

        def take_from(lot: PlainLot, most: Fraction) -> Fraction:
            part = min(abs(lot.units), most)
            share = part / abs(lot.units)
            taken.append(PlainLot(lot.source, lot.at, sign * part, lot.stated * share, lot.base * share))
            lot.units -= sign * part
            lot.stated, lot.base = lot.stated * (1 - share), lot.base * (1 - share)
            return part

        wanted = abs(units)
        for choice in chosen:
            left = Fraction(choice.quantity)
            for lot in [each for each in lots if each.source == choice.transaction and each.units]:
                left -= take_from(lot, left) if left else NOTHING
            assert not left
            wanted -= Fraction(choice.quantity)
        order = [lot for lot in lots if lot.units]
        if options.method is CostMethod.LIFO:
            order.reverse()
        if options.method is CostMethod.HIFO:
            order.sort(key=lambda lot: -round(lot.base / abs(lot.units), 12))
        for lot in order:
            if wanted and lot.units:
                wanted -= take_from(lot, wanted)
        assert not wanted
        account.lots[symbol] = [lot for lot in lots if lot.units]
        return taken

    def _buy(self, each: t.Buy | t.Sell, account: PlainAccount, options: AccountOptions) -> None:
        buys = isinstance(each, t.Buy)
        charges = each.fees + each.taxes
        net = each.gross + charges if buys else each.gross - charges
        basis = net if options.fees_in_cost else each.gross
        whole = self.worth(net, each.at, each.settlement)
        base = self._basis_worth(basis, net, each)
        if not options.fees_in_cost:
            account.fees += self._basis_worth(each.fees, net, each)
            account.taxes += self._basis_worth(each.taxes, net, each)
        left, held = Fraction(each.quantity), account.units(each.symbol)
        against = min(left, -held if buys else held) if (held < 0) is buys and held else NOTHING
        if against:
            taken = self.take(
                account,
                options,
                each.symbol,
                -against if buys else against,
                each.lots if isinstance(each, t.Sell) else (),
            )
            opened, ended = sum((lot.base for lot in taken), NOTHING), base * against / left
            account.realized += opened - ended if buys else ended - opened
        rest = left - against
        if rest:
            stated = Fraction(basis.amount) * rest / left
            lot = PlainLot(each.id, each.at, rest if buys else -rest, stated, base * rest / left)
            self.put(account, options, each.symbol, lot)
        if net.amount:
            self.moved(account, options, net, each.settlement, whole, -1 if buys else 1)

    def _basis_worth(self, part: Money, net: Money, trade: t.Buy | t.Sell) -> Fraction:
        if trade.settlement is None or not net.amount:
            return self.worth(part, trade.at)
        return self.worth(part, trade.at, trade.settlement, net)

    _sell = _buy

    def _transferin(self, each: t.TransferIn, account: PlainAccount, options: AccountOptions) -> None:
        for lot in each.lots:
            base = self.worth(lot.cost, lot.acquired_at)
            account.flows += base
            self.put(
                account,
                options,
                each.symbol,
                PlainLot(each.id, lot.acquired_at, Fraction(lot.quantity), Fraction(lot.cost.amount), base),
            )

    def _transferout(self, each: t.TransferOut, account: PlainAccount, options: AccountOptions) -> None:
        taken = self.take(account, options, each.symbol, Fraction(each.quantity), each.lots)
        account.flows -= sum((lot.base for lot in taken), NOTHING)
        if each.to_account is not None:
            for lot in taken:
                self.accounts[each.to_account].flows += lot.base
                self.put(self.accounts[each.to_account], self.options[each.to_account], each.symbol, lot)

    # ---------- What companies do ----------

    def _split(self, each: t.Split, account: PlainAccount, options: AccountOptions) -> None:
        for lot in account.lots[each.symbol]:
            lot.units *= Fraction(each.new, each.old)
        self._in_lieu(each, each.symbol, each.cash_in_lieu, account, options)

    def _in_lieu(
        self, each: t.Booking, symbol: str, cash: Money | None, account: PlainAccount, options: AccountOptions
    ) -> None:
        if cash is not None:
            units = account.units(symbol)
            taken = self.take(account, options, symbol, units - floor(units))
            base = self.worth(cash, each.at)
            account.realized += base - sum((lot.base for lot in taken), NOTHING)
            self.moved(account, options, cash, None, base, 1)

    def _stockdividend(self, each: t.StockDividend, account: PlainAccount, _options: AccountOptions) -> None:
        units = account.units(each.symbol)
        for lot in account.lots[each.symbol]:
            lot.units *= (units + Fraction(each.quantity)) / units

    def _spinoff(self, each: t.SpinOff, account: PlainAccount, options: AccountOptions) -> None:
        share = Fraction(each.cost_share)
        for lot in list(account.lots[each.symbol]):
            new = PlainLot(
                lot.source, lot.at, lot.units * Fraction(each.new, each.old), lot.stated * share, lot.base * share
            )
            lot.stated, lot.base = lot.stated * (1 - share), lot.base * (1 - share)
            self.put(account, options, each.new_symbol, new)

    def _merger(self, each: t.Merger, account: PlainAccount, options: AccountOptions) -> None:
        if each.cash is not None and each.cost_share is None:
            self._returnofcapital(each, account, options, each.cash)
        elif each.cash is not None and each.cost_share is not None:
            base, share = self.worth(each.cash, each.at), Fraction(each.cost_share)
            account.realized += base
            for lot in account.lots[each.symbol]:
                account.realized -= lot.base * share
                lot.stated, lot.base = lot.stated * (1 - share), lot.base * (1 - share)
            self.moved(account, options, each.cash, None, base, 1)
        self._symbolchange(each, account, options, Fraction(each.new, each.old))

    def _symbolchange(
        self,
        each: t.Merger | t.SymbolChange,
        account: PlainAccount,
        options: AccountOptions,
        ratio: Fraction = Fraction(1),
    ) -> None:
        lots, account.lots[each.symbol] = account.lots[each.symbol], []
        for lot in lots:
            lot.units *= ratio
            self.put(account, options, each.new_symbol, lot)

    def _returnofcapital(
        self,
        each: t.ReturnOfCapital | t.Merger,
        account: PlainAccount,
        options: AccountOptions,
        cash: Money | None = None,
    ) -> None:
        money = cash or (each.amount if isinstance(each, t.ReturnOfCapital) else None)
        assert money is not None
        amount, base, lots = Fraction(money.amount), self.worth(money, each.at), account.lots[each.symbol]
        account.realized += base
        if options.method is CostMethod.AVERAGE:
            lots = [
                PlainLot(
                    "",
                    each.at,
                    account.units(each.symbol),
                    sum((lot.stated for lot in lots), NOTHING),
                    sum((lot.base for lot in lots), NOTHING),
                )
            ]
        units = account.units(each.symbol)
        for lot in lots:
            part = amount * lot.units / units
            share = Fraction(1) if part >= lot.stated else part / lot.stated
            account.realized -= lot.base * share
            lot.stated, lot.base = lot.stated * (1 - share), lot.base * (1 - share)
        if options.method is CostMethod.AVERAGE:
            for lot in account.lots[each.symbol]:
                lot.stated, lot.base = lots[0].stated * lot.units / units, lots[0].base * lot.units / units
        self.moved(account, options, money, None, base, 1)
