"""What the demo's owner did: what was decided, on which day, and why. Prices, rates, splits and dividends are not in here.

They are looked up in the history of the replayed shares and of the European Central Bank (services/demo.py), so that none of
them can be wrong. Times are New York's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType

MORNING = time(8, 30)
NEAR_THE_CLOSE = time(15, 45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision.

    Attributes:
        amount: of a deposit, a withdrawal or a fee; of an exchange what was sold.
        currency: of the amount; the account's own unless stated. An exchange is into the account's own, or out of it.
        within: where in the day's range a trade was priced, from its low (0) to its high (1); at the close unless stated.
    """

    day: date
    type: TransactionType
    at: time = NEAR_THE_CLOSE
    symbol: str = ""
    quantity: int = 0
    within: Decimal | None = None
    amount: Decimal = Decimal(0)
    currency: str = ""
    into: str = ""
    fees: Decimal = Decimal(0)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAccount:
    """An account. In one that `settles`, trades and dividends in US dollars are paid in its own currency at once."""

    name: str
    currency: str
    settles: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPortfolio:
    """A portfolio."""

    name: str
    base_currency: str
    accounts: tuple[StoryAccount, ...]


_DEPOSIT, _WITHDRAWAL, _FEE = TransactionType.DEPOSIT, TransactionType.WITHDRAWAL, TransactionType.FEE
_BUY, _SELL, _EXCHANGE = TransactionType.BUY, TransactionType.SELL, TransactionType.CURRENCY_EXCHANGE

_HOUSE_BANK = StoryAccount(
    name="House bank",
    currency="EUR",
    settles=True,
    steps=(
        Step(day=date(2004, 9, 1), type=_DEPOSIT, at=MORNING, amount=Decimal(15_000), note="Savings, to begin with"),
        Step(day=date(2004, 9, 15), type=_BUY, symbol="AAPL", quantity=150, fees=Decimal(24), note="My first shares"),
        Step(day=date(2004, 10, 22), type=_BUY, symbol="GOOG", quantity=25, fees=Decimal(24), note="After their first report"),
        Step(day=date(2005, 12, 30), type=_FEE, at=MORNING, amount=Decimal(29), note="Custody fee for 2005"),
        Step(day=date(2006, 5, 8), type=_DEPOSIT, at=MORNING, amount=Decimal(4_000), note="Tax refund"),
        Step(day=date(2007, 1, 9), type=_SELL, symbol="AAPL", quantity=100, fees=Decimal(26), note="They showed a telephone today"),
        Step(day=date(2007, 6, 15), type=_WITHDRAWAL, at=MORNING, amount=Decimal(6_000), note="The kitchen"),
        Step(day=date(2009, 3, 9), type=_BUY, symbol="AAPL", quantity=60, fees=Decimal(24), note="Nobody wants shares any more"),
        Step(day=date(2012, 5, 22), type=_DEPOSIT, at=MORNING, amount=Decimal(500), note="Monthly savings"),
        Step(day=date(2012, 6, 22), type=_DEPOSIT, at=MORNING, amount=Decimal(500), note="Monthly savings"),
    ),
)  # fmt: skip

_US_BROKER = StoryAccount(
    name="US broker",
    currency="USD",
    settles=False,
    steps=(
        Step(day=date(2008, 10, 6), type=_DEPOSIT, at=MORNING, amount=Decimal(10_000), currency="EUR", note="From a savings book"),
        Step(day=date(2008, 10, 7), type=_EXCHANGE, at=time(10), amount=Decimal(10_000), currency="EUR", into="USD"),
        Step(day=date(2008, 10, 7), type=_FEE, at=time(10, 5), amount=Decimal(25), note="Incoming wire"),
        Step(day=date(2008, 10, 10), type=_BUY, symbol="MSFT", quantity=200, fees=Decimal("9.95"), note="The worst week so far"),
        Step(day=date(2008, 11, 21), type=_BUY, symbol="GOOG", quantity=20, fees=Decimal("9.95")),
        Step(day=date(2009, 10, 23), type=_SELL, symbol="MSFT", quantity=200, fees=Decimal("9.95"), note="Windows 7 is out, and so am I"),
        Step(day=date(2011, 10, 19), type=_BUY, symbol="IBM", quantity=30, fees=Decimal("9.95"), note="For the dividends"),
        Step(day=date(2012, 2, 10), type=_EXCHANGE, at=time(10), amount=Decimal(1_500), currency="USD", into="EUR"),
        Step(day=date(2012, 2, 15), type=_WITHDRAWAL, at=MORNING, amount=Decimal(1_000), currency="EUR", note="Skiing"),
        Step(day=date(2012, 5, 18), type=_BUY, symbol="FB", quantity=40, fees=Decimal("9.95"), note="First day of trading"),
        Step(
            day=date(2012, 5, 21), type=_BUY, at=time(11, 15), symbol="FB", quantity=20, within=Decimal("0.5"),
            fees=Decimal("9.95"), note="Cheaper than on Friday",
        ),
        Step(day=date(2012, 9, 4), type=_SELL, symbol="FB", quantity=60, fees=Decimal("9.95"), note="Enough of it"),
    ),
)  # fmt: skip

_ONLINE_BROKER = StoryAccount(
    name="Online broker",
    currency="USD",
    settles=False,
    steps=(
        Step(day=date(2005, 1, 10), type=_DEPOSIT, at=MORNING, amount=Decimal(8_000), note="What I can afford to lose"),
        Step(day=date(2005, 1, 13), type=_BUY, symbol="AAPL", quantity=60, fees=Decimal("9.95"), note="After the best quarter ever"),
        Step(day=date(2006, 1, 13), type=_SELL, symbol="AAPL", quantity=120, fees=Decimal("9.95"), note="Doubled, and more"),
        Step(day=date(2009, 3, 6), type=_BUY, symbol="IBM", quantity=60, fees=Decimal("9.95")),
        Step(day=date(2009, 10, 16), type=_SELL, symbol="IBM", quantity=60, fees=Decimal("9.95"), note="Fell after a good report: out"),
        Step(day=date(2011, 8, 22), type=_BUY, symbol="MSFT", quantity=250, within=Decimal("0.4"), fees=Decimal("9.95")),
        Step(day=date(2011, 12, 30), type=_FEE, at=MORNING, amount=Decimal(15), note="Market data"),
        Step(day=date(2012, 3, 1), type=_WITHDRAWAL, at=MORNING, amount=Decimal(2_000), note="A bicycle"),
        Step(day=date(2012, 5, 22), type=_BUY, at=time(10, 30), symbol="GOOG", quantity=8, within=Decimal("0.5"), fees=Decimal("9.95")),
    ),
)  # fmt: skip

STORY = (
    StoryPortfolio(name="Long term", base_currency="EUR", accounts=(_HOUSE_BANK, _US_BROKER)),
    StoryPortfolio(name="Trading", base_currency="USD", accounts=(_ONLINE_BROKER,)),
)
LAST_EX_DATE = date(2012, 12, 31)
