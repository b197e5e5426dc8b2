"""Ledgers that Hypothesis makes: every type of transaction, several accounts, currencies and instruments.

What they hold is never less than what they sell, so that each of them can be folded. Rates and prices follow from a drawn
seed, so that a failing example shrinks by its transactions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Settlement,
    Split,
    Transaction,
    TransactionId,
    TransactionType,
    Withdrawal,
    transaction_type,
)
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.money import EXACT, Currency, ExchangeRate, Money, rounded

EUR, USD, GBP, JPY = (Currency(code) for code in ("EUR", "USD", "GBP", "JPY"))
CURRENCIES = (EUR, USD, GBP)
INSTRUMENTS = {
    instrument.symbol: instrument
    for instrument in (
        Instrument(Symbol("AAPL"), "Apple Inc.", "XNYS", USD),
        Instrument(Symbol("SAP"), "SAP SE", "XNYS", EUR),
        Instrument(Symbol("VOD"), "Vodafone", "XNYS", GBP, quote_unit=Decimal(100)),
    )
}
ACCOUNTS = (AccountId("bank"), AccountId("broker"))
FIRST = datetime(2012, 5, 7, 9, tzinfo=UTC)
GAPS = (0, 0, 1, 3, 7, 13, 26)
"""Hours between two transactions: some at one moment, some in one session, some over a weekend."""
SIMPLE = (
    TransactionType.DEPOSIT,
    TransactionType.WITHDRAWAL,
    TransactionType.BUY,
    TransactionType.SELL,
    TransactionType.DIVIDEND,
    TransactionType.FEE,
    TransactionType.SPLIT,
    TransactionType.CURRENCY_EXCHANGE,
)
KINDS = (*SIMPLE, TransactionType.SELL)
"""Sales twice, since each becomes a purchase where nothing is held yet."""
RATIOS = ((2, 1), (3, 1), (3, 2), (1, 4), (7, 3))

drawn: Counter[TransactionType] = Counter()
"""How many transactions of each type were drawn in this process."""


def sessions_of_weekdays(first: date, last: date) -> list[Session]:
    """A session of 13:30 to 20:00 UTC on every weekday."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Session(
            day=day,
            opens_at=datetime.combine(day, time(13, 30), tzinfo=UTC),
            closes_at=datetime.combine(day, time(20), tzinfo=UTC),
        )
        for day in days
        if day.weekday() < 5
    ]


CALENDAR = ExchangeCalendar(
    mic="XNYS", zone=ZoneInfo("America/New_York"), sessions=sessions_of_weekdays(date(2012, 4, 2), date(2012, 9, 28))
)


def rates_of(seed: int) -> RateTable:
    """Rates that change on every weekday at 14:00 UTC, from the beginning of April on."""
    random = Random(seed)
    publications = []
    for session in CALENDAR.sessions:
        rates = {
            USD: Decimal(random.randint(11_000, 15_000)).scaleb(-4),
            GBP: Decimal(random.randint(70_000, 90_000)).scaleb(-5),
            JPY: Decimal(random.randint(9_000, 14_000)).scaleb(-2),
        }
        publications.append((datetime.combine(session.day, time(14), tzinfo=UTC), rates))
    return rate_table(EUR, publications)


@dataclass(frozen=True)
class GeneratedLedger:
    """Transactions in the order of their entry, and what is needed to value them."""

    transactions: tuple[Transaction, ...]
    base: Currency
    zone: ZoneInfo
    seed: int

    @property
    def rates(self) -> RateTable:
        """The exchange rates."""
        return rates_of(self.seed)

    @property
    def end(self) -> datetime:
        """The moment of the last transaction."""
        return max((each.at for each in self.transactions), default=FIRST)

    def of(self, account: AccountId) -> tuple[Transaction, ...]:
        """The transactions of one account."""
        return tuple(each for each in self.transactions if each.account == account)


@dataclass
class _Writer:
    """Draws one transaction after another, and knows what is held."""

    draw: DrawFn
    at: datetime = FIRST
    held: dict[tuple[AccountId, Symbol], Decimal] = field(default_factory=dict)
    written: list[Transaction] = field(default_factory=list)

    def write(self, kind: TransactionType) -> None:
        """One transaction of `kind`, or the purchase that must come before it."""
        self.at += timedelta(hours=self.draw(st.sampled_from(GAPS)))
        account = self.draw(st.sampled_from(ACCOUNTS))
        transaction = self._makers()[kind](account)
        drawn[transaction_type(transaction)] += 1
        self.written.append(transaction)

    def _makers(self) -> dict[TransactionType, Callable[[AccountId], Transaction]]:
        return {
            TransactionType.DEPOSIT: lambda account: Deposit(
                id=self._id(), account=account, at=self.at, sequence=self._next, amount=self._money()
            ),
            TransactionType.WITHDRAWAL: lambda account: Withdrawal(
                id=self._id(), account=account, at=self.at, sequence=self._next, amount=self._money()
            ),
            TransactionType.BUY: self._buy,
            TransactionType.SELL: self._sell,
            TransactionType.DIVIDEND: self._dividend,
            TransactionType.FEE: self._fee,
            TransactionType.SPLIT: self._split,
            TransactionType.CURRENCY_EXCHANGE: self._exchange,
        }

    @property
    def _next(self) -> int:
        return len(self.written) + 1

    def _id(self) -> TransactionId:
        return TransactionId(f"t{self._next}")

    def _amount(self, *, up_to: int = 10**7) -> Decimal:
        return Decimal(self.draw(st.integers(1, up_to))).scaleb(-2)

    def _money(self) -> Money:
        return Money(self._amount(), self.draw(st.sampled_from(CURRENCIES)))

    def _buy(self, account: AccountId) -> Buy:
        instrument = self._instrument()
        quantity = Decimal(self.draw(st.integers(1, 10**6))).scaleb(-self.draw(st.sampled_from((0, 0, 3))))
        price = Decimal(self.draw(st.integers(1, 10**5))).scaleb(-2)
        key = account, instrument.symbol
        self.held[key] = EXACT.add(self.held.get(key, Decimal(0)), quantity)
        cost = self._gross(instrument, quantity, price)
        fees, taxes = self._charge(cost), self._charge(cost)
        return Buy(
            id=self._id(),
            account=account,
            at=self.at,
            sequence=self._next,
            symbol=instrument.symbol,
            quantity=quantity,
            price=price,
            gross=cost,
            fees=fees,
            taxes=taxes,
            settlement=self._settlement(cost + fees + taxes),
        )

    def _sell(self, account: AccountId) -> Transaction:
        open_positions = sorted(key for key, quantity in self.held.items() if quantity)
        if not open_positions:
            return self._buy(account)
        account, symbol = self.draw(st.sampled_from(open_positions))
        held, instrument = self.held[account, symbol], INSTRUMENTS[symbol]
        quantity = self._part_of(held)
        self.held[account, symbol] = EXACT.subtract(held, quantity)
        price = Decimal(self.draw(st.integers(1, 10**5))).scaleb(-2)
        gross = self._gross(instrument, quantity, price)
        fees = self._charge(gross)
        taxes = Money(Decimal(0), gross.currency)
        return Sell(
            id=self._id(),
            account=account,
            at=self.at,
            sequence=self._next,
            symbol=symbol,
            quantity=quantity,
            price=price,
            gross=gross,
            fees=fees,
            taxes=taxes,
            settlement=self._settlement(gross - fees),
        )

    def _dividend(self, account: AccountId) -> Dividend:
        instrument = self._instrument()
        gross = Money(self._amount(up_to=10**5), instrument.currency)
        tax = self._charge(gross)
        days = self.draw(st.sampled_from((None, 0, 1, 3, 8)))
        return Dividend(
            id=self._id(),
            account=account,
            at=self.at,
            sequence=self._next,
            symbol=instrument.symbol,
            gross=gross,
            withholding_tax=tax,
            accrues_at=None if days is None else self.at - timedelta(days=days),
            settlement=self._settlement(gross - tax),
        )

    def _fee(self, account: AccountId) -> Fee:
        symbol = self.draw(st.sampled_from((None, *INSTRUMENTS)))
        return Fee(
            id=self._id(),
            account=account,
            at=self.at,
            sequence=self._next,
            amount=Money(self._amount(up_to=10**4), self.draw(st.sampled_from(CURRENCIES))),
            symbol=symbol,
        )

    def _split(self, account: AccountId) -> Split:
        open_positions = sorted(key for key, quantity in self.held.items() if quantity)
        account, symbol = self.draw(st.sampled_from(open_positions or [(account, Symbol("AAPL"))]))
        new, old = self.draw(st.sampled_from(RATIOS))
        if open_positions:
            self.held[account, symbol] = split_quantity(self.held[account, symbol], new=new, old=old)
        return Split(id=self._id(), account=account, at=self.at, sequence=self._next, symbol=symbol, new=new, old=old)

    def _exchange(self, account: AccountId) -> CurrencyExchange:
        sold, bought = self.draw(st.permutations(CURRENCIES))[:2]
        return CurrencyExchange(
            id=self._id(),
            account=account,
            at=self.at,
            sequence=self._next,
            sold=Money(self._amount(), sold),
            bought=Money(self._amount(), bought),
        )

    def _instrument(self) -> Instrument:
        return INSTRUMENTS[self.draw(st.sampled_from(sorted(INSTRUMENTS)))]

    def _gross(self, instrument: Instrument, quantity: Decimal, price: Decimal) -> Money:
        return Money(EXACT.multiply(quantity, EXACT.divide(price, instrument.quote_unit)), instrument.currency)

    def _charge(self, whole: Money) -> Money:
        """Often nothing, else up to a twentieth of `whole`."""
        cents = int(whole.amount * 5)
        is_charged = cents > 0 and self.draw(st.booleans())
        return Money(Decimal(self.draw(st.integers(1, cents))).scaleb(-2) if is_charged else Decimal(0), whole.currency)

    def _part_of(self, held: Decimal) -> Decimal:
        """All, or a part of at most 18 places."""
        tenths = self.draw(st.integers(1, 10))
        return held if tenths == 10 else rounded(EXACT.multiply(held, Decimal(tenths).scaleb(-1)), places=18) or held

    def _settlement(self, net: Money) -> Settlement | None:
        other = self.draw(st.sampled_from((None, None, *CURRENCIES)))
        if other is None or other == net.currency or not net.amount:
            return None
        rate = Decimal(self.draw(st.integers(5_000, 15_000))).scaleb(-4)
        amount = rounded(EXACT.multiply(net.amount, rate), places=2)
        return Settlement(Money(amount, other), ExchangeRate(net.currency, other, rate)) if amount else None


@st.composite
def ledgers(draw: DrawFn, *, min_size: int = 0, max_size: int = 24) -> GeneratedLedger:
    """Ledgers of two accounts; each type of transaction is about as likely as any other."""
    writer = _Writer(draw)
    # A size of its own: lists would mostly be short ones.
    size = draw(st.integers(min_size, max_size))
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=size, max_size=size)):
        writer.write(kind)
    return GeneratedLedger(
        transactions=tuple(writer.written),
        base=draw(st.sampled_from((EUR, USD, GBP, JPY))),
        zone=ZoneInfo(draw(st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Tokyo")))),
        seed=draw(st.integers(0, 2**16)),
    )
