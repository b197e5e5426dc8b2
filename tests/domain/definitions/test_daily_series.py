"""The section Daily series, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tests.domain.definitions.page import defines
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, moment, transfer_out
from tests.domain.ledger.generated import CALENDAR
from tests.domain.valuation.market import BERLIN, EUR, STEADY
from tests.domain.valuation.test_spans import instrument
from tickfolio.domain.calendars import ExchangeCalendar, Session
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.domain.performance.flow_values import HeldThen, held_before, place_of, value_of_held
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.series import ValuedDay, portfolio_series
from tickfolio.domain.performance.twr import RATES, FlowValue
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import OneSpan, session_end

D = Decimal
NOBODY = Symbol("NOBODY")
CLOSES = {AAPL: CloseHistory([moment("2012-05-18 20:00"), moment("2012-05-21 20:00")], [D(100), D(150)])}


def book(*transactions: Transaction) -> PortfolioBook:
    """900 € and one AAPL since Friday, and what a test adds."""
    begun = deposit("2012-05-18 09:00", "1000 EUR"), buy("2012-05-18 10:00", "1", "100 EUR")
    instruments = {symbol: replace(instrument(symbol), currency=EUR) for symbol in (AAPL, NOBODY)}
    return PortfolioBook(EUR, BERLIN, (AccountFacts(BROKER, "Broker"),), (*begun, *transactions), instruments)


def monday(mine: PortfolioBook, values: dict[TransactionId, FlowValue] | None = None) -> ValuedDay:
    """On Monday AAPL goes from 100 to 150."""
    live = LivePortfolio(mine, days=OneSpan(moment("2012-05-21")))
    live.ledgers(rates=STEADY, at=moment("2012-05-22"))
    days = Days(moment("2012-05-18").date(), moment("2012-05-21").date(), BERLIN)
    return portfolio_series(mine, live, days, closes=CLOSES, rates=STEADY, valued_flows=values).whole()[-1]


def just_before(mine: PortfolioBook, flow: Transaction) -> HeldThen:
    live = LivePortfolio(mine, days=OneSpan(moment("2012-05-21")))
    ledgers = [each for _, each in live.ledgers(rates=STEADY, at=moment("2012-05-22"))]
    return held_before(mine, ledgers, [place_of(flow)])[place_of(flow)]


def value(mine: PortfolioBook, flow: Transaction) -> Decimal | None:
    """At 130 for AAPL, which is the one price that was recorded."""

    def price_of(symbol: Symbol) -> PriceInForce | None:
        return PriceInForce(D(130), moment("2012-05-21")) if symbol == AAPL else None

    return value_of_held(just_before(mine, flow), mine, price_of=price_of, rate_of=lambda _: D(1))


@defines("A close counts from the closing moment of its session")
def test_a_close_counts_from_the_end_of_its_session_or_of_its_day() -> None:
    new_york = CALENDAR.zone
    friday = Session(moment("2012-05-18 13:30"), moment("2012-05-18 17:00"), date(2012, 5, 18))
    calendar = ExchangeCalendar(mic="XNYS", zone=new_york, sessions=[friday])
    assert session_end(calendar, friday.day) == friday.closes_at
    assert session_end(calendar, date(2012, 5, 21)) == moment("2012-05-22 04:00") - timedelta.resolution


@defines("One that is [recorded late or corrected]")
def test_a_corrected_close_changes_the_days_from_its_own_on() -> None:
    mine = book()

    def days(monday: Decimal) -> list[ValuedDay]:
        closes = {AAPL: CloseHistory(CLOSES[AAPL].closed_at, [D(100), monday])}
        live = LivePortfolio(mine, days=OneSpan(moment("2012-05-18")))
        live.ledgers(rates=STEADY, at=moment("2012-05-23"))
        span = Days(date(2012, 5, 18), date(2012, 5, 22), BERLIN)
        return portfolio_series(mine, live, span, closes=closes, rates=STEADY).whole()

    before, after = days(D(150)), days(D(160))
    assert before[:3] == after[:3]
    assert [each.value for each in after[3:]] == [each.value + 10 for each in before[3:]] == [D(1060), D(1060)]


@defines("Where the value just before a flow [was recorded]")
def test_a_recorded_value_cuts_the_day() -> None:
    flow = deposit("2012-05-21 15:00", "1000 EUR")
    day = monday(book(flow), {flow.id: FlowValue(D(1030))})
    assert day.growth == RATES.multiply(RATES.divide(D(1030), D(1000)), RATES.divide(D(2050), D(2030)))


@defines(
    "That value is worked out from what the ledger says", "Where something was held then that no price was recorded"
)
def test_the_value_is_of_what_the_ledger_says_now() -> None:
    flow = deposit("2012-05-21 15:00", "1000 EUR")
    assert value(book(flow), flow) == D("1030.00")
    assert value(book(buy("2012-05-21 14:00", "1", "120 EUR"), flow), flow) == D("1040.00")
    assert value(book(buy("2012-05-21 14:00", "1", "1 EUR", symbol=NOBODY), flow), flow) is None


@defines("At a cut, instruments that are transferred are worth what they are worth at that moment")
def test_what_leaves_is_worth_what_it_is_worth_then() -> None:
    gone = transfer_out("2012-05-21 15:00", "1", to=None)
    day = monday(book(gone), {gone.id: FlowValue(D(1030), D(900))})
    assert (day.flows[0].amount, day.growth) == (D(-100), D("1.03"))


@defines("On a day on which a row is left out")
def test_a_day_with_a_row_left_out_is_not_cut() -> None:
    flow = deposit("2012-05-21 15:00", "1000 EUR")
    mine = book(buy("2012-05-18 11:00", "1", "1 EUR", symbol=NOBODY), flow)
    day = monday(mine, {flow.id: FlowValue(D(1030))})
    assert (day.left_out, day.flows[0].before) == (1, None)
