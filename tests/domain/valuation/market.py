"""A market for valuations in tests: quotes, rates and books, plain and generated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from tests.domain.ledger.bookings import NEWCO, moment
from tests.domain.ledger.generated import ACCOUNTS, CALENDAR, INSTRUMENTS, GeneratedLedger
from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.revalue import AccountFacts, LivePortfolio, PortfolioBook
from tickfolio.domain.valuation.valuation import Row, Valuation

EUR, USD, GBP = Currency("EUR"), Currency("USD"), Currency("GBP")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2012, 5, 21, 16, tzinfo=UTC)
"""Monday 21 May 2012, noon in New York."""
# Ten dollars cost eight euros until Monday's publication, nine from then on.
RATES = rate_table(
    EUR,
    [
        (moment("2012-04-02 14:00"), {USD: Decimal("1.25"), GBP: Decimal("0.8")}),
        (moment("2012-05-21 14:00"), {USD: Decimal("1.111111111111"), GBP: Decimal("0.8")}),
    ],
)
STEADY = rate_table(EUR, [(moment("2012-04-02 14:00"), {USD: Decimal("1.25"), GBP: Decimal("0.8")})])
"""Ten dollars cost eight euros for ever."""


def calendar_of(_instrument: Instrument) -> ExchangeCalendar:
    """The weekdays' calendar, for every instrument."""
    return CALENDAR


def quote(
    price: str, close: str | None = None, *, day: str = "2012-05-21", at: str | None = None, symbol: str = "AAPL"
) -> Quote:
    """A quote of a session, by default of Monday noon."""
    session_day = date.fromisoformat(day)
    made_at = moment(at or f"{day} 16:00")
    return Quote(
        symbol=Symbol(symbol),
        price=Decimal(price),
        previous_close=None if close is None else Decimal(close),
        session_day=session_day,
        session=MarketSession.REGULAR,
        source_time=made_at,
        received_time=made_at,
        source="test",
        version=1,
    )


def book(*transactions: Transaction, base: Currency = EUR, zone: ZoneInfo = BERLIN) -> PortfolioBook:
    """One account, the broker's."""
    return PortfolioBook(
        base=base,
        zone=zone,
        accounts=(AccountFacts(AccountId("broker"), "Broker"),),
        transactions=transactions,
        instruments={**INSTRUMENTS, NEWCO: Instrument(NEWCO, "New Co.", "XNYS", USD)},
    )


def valued(
    *transactions: Transaction,
    quotes: Mapping[str, Quote] | None = None,
    at: datetime = NOON,
    rates: RateTable = RATES,
    base: Currency = EUR,
    zone: ZoneInfo = BERLIN,
) -> Valuation:
    """The valuation of one account's transactions, from nothing."""
    known = {Symbol(symbol): each for symbol, each in (quotes or {}).items()}
    portfolio = LivePortfolio(book(*transactions, base=base, zone=zone), calendar_of=calendar_of)
    return portfolio.value(quote_of=known.get, quality_of=fresh, rates=rates, at=at)


def row_of(valuation: Valuation, key: str) -> Row:
    """The row of that key."""
    (found,) = (row for row in valuation.rows if row.key == key)
    return found


def fresh(_symbol: Symbol) -> Quality:
    """Every price is fresh."""
    return Quality.REPLAY


def generated_book(ledger: GeneratedLedger, *accounts: AccountId) -> PortfolioBook:
    """The book of a generated ledger, of all its accounts or of some."""
    shown = accounts or ACCOUNTS
    return PortfolioBook(
        base=ledger.base,
        zone=ledger.zone,
        accounts=tuple(AccountFacts(account, account.title()) for account in shown),
        transactions=tuple(each for each in ledger.transactions if each.account in shown),
        instruments=INSTRUMENTS,
    )


def quotes_at(seed: int, at: datetime) -> dict[Symbol, Quote]:
    """Quotes as they may stand at `at`: of the current session, of the one before, older ones, none; some without a close."""
    random = Random(f"{seed} {at}")
    session = CALENDAR.current_session(at)
    found = {}
    for symbol in INSTRUMENTS:
        back = random.choice((0, 0, 0, 1, 2, None))
        if back is None:
            continue
        of = session
        for _ in range(back):
            of = CALENDAR.previous_session(of) or of
        made_at = min(of.opens_at + timedelta(minutes=random.randint(0, 390)), max(at, of.opens_at))
        found[symbol] = Quote(
            symbol=symbol,
            price=Decimal(random.randint(1, 10**5)).scaleb(-2),
            previous_close=random.choice((None, *[Decimal(random.randint(1, 10**5)).scaleb(-2)] * 5)),
            session_day=of.day,
            session=MarketSession.REGULAR,
            source_time=made_at,
            received_time=made_at,
            source="generated",
            version=1,
        )
    return found


def quality_by(seed: int, at: datetime) -> Callable[[Symbol], Quality]:
    """A quality for each symbol."""

    def quality_of(symbol: Symbol) -> Quality:
        return Random(f"{seed} {at} {symbol}").choice((Quality.REPLAY, Quality.STALE, Quality.CLOSED))

    return quality_of
