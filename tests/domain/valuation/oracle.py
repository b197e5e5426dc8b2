"""A portfolio's rows worked out the slow and obvious way: exact fractions, every lot walked for every figure.

It shares nothing with the product but the transactions, the quotes, the rate table and the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from tests.domain.ledger.generated import CALENDAR
from tests.domain.valuation.plain_ledger import (
    NOTHING,
    PlainDeal,
    PlainHeld,
    PlainLot,
    PlainSold,
    book_sale,
    book_split,
    counts_at,
    deal_of,
    to_places,
)
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Split,
    Transaction,
    Withdrawal,
)
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Quote, Unpriced
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.revalue import PortfolioBook

EVERY_DIGIT = Context(prec=100)


@dataclass(frozen=True)
class PlainDay:
    """A day's figures, rounded as a row's are; the percentage is None where it is not available."""

    total: Decimal
    price: Decimal
    trading: Decimal
    income: Decimal
    fees: Decimal
    taxes: Decimal
    currency: Decimal
    percent: Decimal | None
    opening: Decimal


@dataclass(frozen=True)
class PlainRow:
    """A row's figures; None where one is not available, and no value at all where it is unpriced."""

    quantity: Decimal
    value: Decimal | None
    cost: Decimal | None
    unrealized: Decimal | None
    day: PlainDay | None


def plain_rows(
    book: PortfolioBook, *, quotes: Mapping[Symbol, Quote], rates: RateTable, at: datetime
) -> dict[str, PlainRow]:
    """Every row by its key."""
    rows: dict[str, PlainRow] = {}
    for account in book.accounts:
        oracle = _Oracle(book, account.id, rates, at)
        for symbol in sorted({each.symbol for each in oracle.known if hasattr(each, "symbol") and each.symbol}):
            row = oracle.holding(symbol, quotes.get(symbol))
            if row is not None:
                rows[f"h:{account.id}:{symbol}"] = row
        for currency in (Currency(code) for code in ("EUR", "GBP", "JPY", "USD")):
            row = oracle.cash(currency)
            if row is not None:
                rows[f"c:{account.id}:{currency}"] = row
        for each in oracle.due:
            rows[f"r:{account.id}:{each.id}"] = oracle.receivable(each)
    return rows


class _Oracle:
    """One account at one moment."""

    def __init__(self, book: PortfolioBook, account: AccountId, rates: RateTable, at: datetime) -> None:
        self.base = book.base
        self.instruments = book.instruments
        self.rates = rates
        self.at = at
        local = at.astimezone(book.zone)
        self.day_start = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        own = sorted((each for each in book.transactions if each.account == account), key=lambda t: (t.at, t.sequence))
        self.reached = [each for each in own if each.at <= at]
        dividends = [each for each in own if isinstance(each, Dividend) and each.accrues_at is not None]
        self.due = [each for each in dividends if counts_at(each) <= at < each.at]
        self.known: list[Transaction] = [*self.reached, *self.due]

    def rate(self, currency: Currency, at: datetime) -> Fraction:
        found = self.rates.rate_at(currency, self.base, at=at)
        assert not isinstance(found, Unpriced)
        return Fraction(found.rate)

    def worth(self, deal: PlainDeal) -> Fraction:
        """In the base currency: the side that is in it as it is; else what moved, at the rate in force."""
        if deal.currency == self.base:
            return deal.stated
        if deal.settlement is None:
            return deal.stated * self.rate(deal.currency, deal.at)
        if deal.settlement.amount.currency == self.base:
            return deal.moved
        return deal.moved * self.rate(deal.settlement.amount.currency, deal.at)

    def rate_of(self, deal: PlainDeal, currency: Currency) -> Fraction:
        """From `currency` to the base currency in a trade: really paid where it is the trade's and one is stated."""
        if currency != deal.currency or deal.settlement is None or deal.currency == self.base:
            return self.rate(currency, deal.at)
        return Fraction(deal.settlement.rate.rate) * self.rate(deal.settlement.amount.currency, deal.at)

    def held(self, symbol: Symbol) -> PlainHeld:
        held = PlainHeld()
        for each in self.known:
            if getattr(each, "symbol", None) != symbol:
                continue
            match each:
                case Buy():
                    cost = deal_of(each.at, each.gross + each.fees + each.taxes, each.settlement)
                    held.lots.append(PlainLot(Fraction(each.quantity), cost))
                case Sell():
                    book_sale(held, each)
                case Split():
                    book_split(held, each)
                case Dividend():
                    held.dividends.append(each)
                case Fee():
                    held.fees.append(each)
                case _:
                    raise AssertionError(each)
        return held

    def holding(self, symbol: Symbol, quote: Quote | None) -> PlainRow | None:
        held = self.held(symbol)
        quantity = sum((lot.quantity for lot in held.lots), NOTHING)
        after, until = self.window(quote)
        if not quantity and after is None:
            quote, after, until = None, self.day_start - timedelta(microseconds=1), self.day_start
        if not quantity and not _moved(held, after):
            return None
        cost = sum((self.worth(lot.cost) for lot in held.lots), NOTHING)
        shown_cost = self.rounded(cost)
        if quote is None and quantity:
            return PlainRow(_decimal(quantity), None, shown_cost, None, None)
        instrument = self.instruments[symbol]
        value = NOTHING
        if quote is not None:
            value = self.price(instrument, quote.price) * _as_of(held.splits, quantity, self.at, until)
            value *= self.rate(instrument.currency, self.at)
        day = None if after is None else self.day(held, instrument, quote, after, until)
        shown = self.rounded(value)
        return PlainRow(_decimal(quantity), shown, shown_cost, shown - shown_cost, day)

    def window(self, quote: Quote | None) -> tuple[datetime | None, datetime]:
        """The reference, and the moment up to which splits are in the price."""
        if quote is None:
            return self.day_start - timedelta(microseconds=1), self.day_start
        days = [session.day for session in CALENDAR.sessions]
        index = days.index(quote.session_day)
        begun = [session for session in CALENDAR.sessions[index + 1 :] if session.opens_at <= self.at]
        after = CALENDAR.sessions[index - 1].closes_at if len(begun) < 2 else None
        return after, CALENDAR.sessions[index].closes_at

    def price(self, instrument: Instrument, price: Decimal) -> Fraction:
        return Fraction(price) * Fraction(instrument.contract_size) / Fraction(instrument.quote_unit)

    def day(
        self, held: PlainHeld, instrument: Instrument, quote: Quote | None, after: datetime, until: datetime
    ) -> PlainDay | None:
        currency = instrument.currency
        rate_now, rate_then = self.rate(currency, self.at), self.rate(currency, after)
        close = None if quote is None else quote.previous_close
        needs_close = any(lot.cost.at <= after and lot.quantity for lot in held.lots) or any(
            lot.cost.at <= after and lot.quantity for lot in held.sold if lot.proceeds.at > after
        )
        if close is None and needs_close:
            return None
        price = NOTHING if quote is None else self.price(instrument, quote.price)
        before = NOTHING if close is None else self.price(instrument, close)
        total = price_part = untraded = reference = purchases = NOTHING
        for lot in held.lots:
            units = _as_of(held.splits, lot.quantity, self.at, until)
            if lot.cost.at <= after:
                total += units * (price * rate_now - before * rate_then)
                price_part += units * (price - before) * rate_now
                untraded += units * (price - before) * rate_now
                reference += units * before * rate_then
            else:
                total += units * price * rate_now - self.worth(lot.cost)
                price_part += units * price * rate_now - lot.cost.stated * self.rate(lot.cost.currency, self.at)
                purchases += self.worth(lot.cost)
        for sold in (each for each in held.sold if each.proceeds.at > after):
            proceeds, sale_rate = self.worth(sold.proceeds), self.rate_of(sold.proceeds, sold.proceeds.currency)
            if sold.cost.at <= after:
                units = _sold_as_of(held.splits, sold, until)
                total += proceeds - units * before * rate_then
                price_part += sold.proceeds.stated * sale_rate - units * before * self.rate_of(sold.proceeds, currency)
                reference += units * before * rate_then
                untraded += units * (price - before) * rate_now if quote is not None else NOTHING
            else:
                total += proceeds - self.worth(sold.cost)
                price_part += sold.proceeds.stated * sale_rate
                price_part -= sold.cost.stated * self.rate_of(sold.proceeds, sold.cost.currency)
                purchases += self.worth(sold.cost)
        income = sum((self.income(each)[0] for each in held.dividends if counts_at(each) > after), NOTHING)
        taxes = sum((self.income(each)[1] for each in held.dividends if counts_at(each) > after), NOTHING)
        fees = sum((self.money(each.amount, each.at) for each in held.fees if each.at > after), NOTHING)
        shift = self.shift(held, after)
        return self.shown_day(
            total + income - fees - taxes,
            (untraded, price_part, income, -fees, -taxes),
            reference + purchases,
            reference + shift,
        )

    def shift(self, held: PlainHeld, after: datetime) -> Fraction:
        """What went from cash into the holding between the reference and the beginning of the day, less what came out."""

        def between(moment: datetime) -> int:
            if after < moment < self.day_start:
                return 1
            return -1 if self.day_start <= moment <= after else 0

        costs = [lot.cost for lot in held.lots] + [lot.cost for lot in held.sold]
        moved = sum((between(cost.at) * self.worth(cost) for cost in costs), NOTHING)
        moved -= sum((between(lot.proceeds.at) * self.worth(lot.proceeds) for lot in held.sold), NOTHING)
        moved += sum((between(each.at) * self.money(each.amount, each.at) for each in held.fees), NOTHING)
        for each in held.dividends:
            gross, tax = self.income(each)
            moved -= between(counts_at(each)) * (gross - tax)
        return moved

    def income(self, dividend: Dividend) -> tuple[Fraction, Fraction]:
        """Gross and tax as they count."""
        if counts_at(dividend) < dividend.at:
            at = counts_at(dividend)
            return self.money(dividend.gross, at), self.money(dividend.withholding_tax, at)
        paid = deal_of(dividend.at, dividend.gross - dividend.withholding_tax, dividend.settlement)
        tax = Fraction(dividend.withholding_tax.amount) * self.rate_of(paid, paid.currency)
        return self.worth(paid) + tax, tax

    def money(self, money: Money, at: datetime) -> Fraction:
        return Fraction(money.amount) * self.rate(money.currency, at)

    def cash(self, currency: Currency) -> PlainRow | None:
        flows: list[tuple[Transaction, Fraction, Fraction]] = []
        for each in self.reached:
            flows += [(each, amount, value) for of, amount, value in self.flows(each) if of == currency and amount]
        balance = sum((amount for _, amount, _ in flows), NOTHING)
        today = [flow for flow in flows if flow[0].at >= self.day_start]
        if not balance and not today:
            return None
        opening = sum((amount for each, amount, _ in flows if each.at < self.day_start), NOTHING)
        rate_now, rate_then = self.rate(currency, self.at), self.rate(currency, self.day_start)
        total = opening * (rate_now - rate_then)
        total += sum((amount * rate_now - value for _, amount, value in today), NOTHING)
        fees = sum((-value for each, _, value in today if isinstance(each, Fee) and each.symbol is None), NOTHING)
        inflows = sum((value for _, amount, value in today if amount > 0), NOTHING)
        external = sum((value for each, _, value in today if isinstance(each, Deposit)), NOTHING)
        was_due = sum(
            (value for each, _, value in today if isinstance(each, Dividend) and counts_at(each) < self.day_start),
            NOTHING,
        )
        day = self.shown_day(
            total - fees,
            (NOTHING, NOTHING, NOTHING, -fees, NOTHING),
            opening * rate_then + inflows,
            opening * rate_then + external + was_due,
        )
        return PlainRow(_decimal(balance), self.rounded(balance * rate_now), None, None, day)

    def flows(self, each: Transaction) -> list[tuple[Currency, Fraction, Fraction]]:
        """Currency, signed amount and signed value in the base currency of what moved."""
        match each:
            case Deposit():
                return [self.flow(1, deal_of(each.at, each.amount, None))]
            case Withdrawal() | Fee():
                return [self.flow(-1, deal_of(each.at, each.amount, None))]
            case Buy():
                return [self.flow(-1, deal_of(each.at, each.gross + each.fees + each.taxes, each.settlement))]
            case Sell():
                return [self.flow(1, deal_of(each.at, each.gross - each.fees - each.taxes, each.settlement))]
            case Dividend():
                net = each.gross - each.withholding_tax
                currency, amount, value = self.flow(1, deal_of(each.at, net, each.settlement))
                if counts_at(each) < each.at:
                    value = self.money(net, max(counts_at(each), self.day_start))
                return [(currency, amount, value)]
            case CurrencyExchange():
                sold, bought = each.sold, each.bought
                value = self.money(bought, each.at)
                if sold.currency == self.base:
                    value = Fraction(sold.amount)
                return [
                    (sold.currency, -Fraction(sold.amount), -value),
                    (bought.currency, Fraction(bought.amount), value),
                ]
            case Split():
                return []
            case _:
                raise AssertionError(each)

    def flow(self, sign: int, deal: PlainDeal) -> tuple[Currency, Fraction, Fraction]:
        currency = deal.currency if deal.settlement is None else deal.settlement.amount.currency
        return currency, sign * deal.moved, sign * self.worth(deal)

    def receivable(self, dividend: Dividend) -> PlainRow:
        net = dividend.gross - dividend.withholding_tax
        began = counts_at(dividend)
        value, before = self.money(net, self.at), self.money(net, max(began, self.day_start))
        day = self.shown_day(value - before, (), before, before if began < self.day_start else NOTHING)
        return PlainRow(net.amount, self.rounded(value), None, None, day)

    def shown_day(
        self, total: Fraction, parts: tuple[Fraction, ...], reference: Fraction, opening: Fraction
    ) -> PlainDay:
        """`parts`: the price part of what was held, all of the price part, income, fees, taxes; or none."""
        shown = self.rounded(total)
        untraded, price, income, fees, taxes = map(self.rounded, parts or [NOTHING] * 5)
        of = self.rounded(reference)
        return PlainDay(
            total=shown,
            price=untraded,
            trading=price - untraded,
            income=income,
            fees=fees,
            taxes=taxes,
            currency=shown - price - income - fees - taxes,
            percent=_rounded(Fraction(shown) * 100 / Fraction(of), 2) if of > 0 else None,
            opening=self.rounded(opening),
        )

    def rounded(self, amount: Fraction) -> Decimal:
        return _rounded(amount, self.base.minor_unit)


def _moved(held: PlainHeld, after: datetime | None) -> bool:
    moments: Iterable[datetime] = [
        *(sold.proceeds.at for sold in held.sold),
        *(counts_at(each) for each in held.dividends),
        *(each.at for each in held.fees),
    ]
    return any(after is None or moment > after for moment in moments)


def _as_of(splits: list[Split], quantity: Fraction, since: datetime, until: datetime) -> Fraction:
    """Units of now, `since`, in units of `until`, exactly."""
    for split in splits:
        if until < split.at <= since:
            quantity = quantity * split.old / split.new
    return quantity


def _sold_as_of(splits: list[Split], sold: PlainSold, until: datetime) -> Fraction:
    """Units sold in units of `until`, to 18 places at each split; of one moment the order of entry decides."""
    quantity = sold.quantity
    for split in splits[sold.after_splits :]:
        if split.at <= until:
            quantity = to_places(quantity * split.new / split.old, 18)
    for split in splits[: sold.after_splits]:
        if until < split.at:
            quantity = quantity * split.old / split.new
    return quantity


def _rounded(number: Fraction, places: int) -> Decimal:
    return Decimal(round(number * 10**places)).scaleb(-places)


def _decimal(number: Fraction) -> Decimal:
    units = number * 10**30
    assert units.denominator == 1
    return Decimal(int(units)).scaleb(-30, EVERY_DIGIT)
