"""The income of a portfolio in words and figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.domain.ledger.bookings import AAPL, BROKER, buy, dividend, interest
from tests.domain.valuation.gain_reports import KNOWN
from tests.domain.valuation.market import EUR, NOON, USD
from tests.domain.valuation.test_payments import payments
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import ActionOutcome
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Money
from tickfolio.domain.valuation.coming_payments import Coming, ComingPayment, RepeatedPayment
from tickfolio.domain.valuation.income_yields import Yield
from tickfolio.domain.valuation.payments import since_a_year
from tickfolio.services.income_reports import IncomeReport
from tickfolio.web.income_texts import IncomeText, chart_data, income_text

D = Decimal
TODAY = date(2012, 5, 21)
DUE = ComingPayment(
    kind=Coming.DUE,
    account=BROKER,
    symbol=AAPL,
    ex_day=date(2012, 5, 8),
    pay_day=date(2012, 6, 8),
    units=D(35),
    per_unit=D("1.30"),
    amount=Money(D("40.50"), USD),
    value=D("36.45"),
    transaction=None,
)
REPEATED = RepeatedPayment(AAPL, date(2013, 3, 9), D(40), D("1.25"), Money(D("50.00"), USD), D("45.00"))
NO_RATE = NotAvailable("no source of exchange rates knows JPY")


def report(
    *transactions: Transaction,
    coming: tuple[ComingPayment, ...] = (),
    repeated: tuple[RepeatedPayment, ...] = (),
    missing: tuple[ActionOutcome, ...] = (),
    yields: tuple[Yield, ...] = (),
) -> IncomeReport:
    rows = payments(*transactions, at=NOON)
    return IncomeReport(
        base=EUR,
        at=NOON,
        today=TODAY,
        payments=rows,
        year=tuple(since_a_year(rows, TODAY)),
        yields=yields,
        coming=coming,
        repeated=repeated,
        missing=missing,
        instruments=KNOWN,
        accounts={BROKER: "Broker", AccountId("bank"): "Bank"},
    )


def text(found: IncomeReport) -> IncomeText:
    return income_text(found, portfolio_id="p-1")


PAID = (
    buy("2011-01-03", "10", "100 EUR"),
    dividend("2012-05-15", "10 EUR", tax="2.50"),
    interest("2012-05-16", "4 EUR"),
    dividend("2011-05-21", "7 EUR"),
)


def test_nothing_paid_and_nothing_known_is_an_empty_page() -> None:
    empty = text(report())
    assert empty.is_empty
    assert (empty.head.whole, empty.head.minor, empty.years) == ("0", ".00", ())
    assert not text(report(coming=(DUE,))).is_empty


def test_the_head_is_of_twelve_months_and_the_years_add_up() -> None:
    shown = text(report(*PAID))
    assert (shown.head.whole + shown.head.minor, shown.head.net, shown.head.tax) == ("14.00", "11.50", "2.50")
    assert shown.head.left_out == ""
    assert [(each.name, each.dividends, each.interest, each.gross, each.tax, each.net) for each in shown.years] == [
        ("2012", "10.00", "4.00", "14.00", "2.50", "11.50"),
        ("2011", "7.00", "0.00", "7.00", "0.00", "7.00"),
    ]
    assert (shown.all_years.gross, shown.all_years.count) == ("21.00", "3 payments")


def test_what_has_no_rate_is_said() -> None:
    shown = text(report(dividend("2012-05-14", "10 JPY"), dividend("2012-05-15", "1 EUR")))
    assert shown.head.left_out == "1 payment without an exchange rate left out"
    assert shown.years[0].count == "2 payments, 1 without a rate"
    assert [(each.value, each.reason) for each in shown.recent] == [("", ""), ("—", NO_RATE.reason)]


def test_the_list_of_the_received_is_cut_and_says_how_much_is_left() -> None:
    shown = text(report(*(dividend("2012-05-15", f"{number} EUR") for number in range(1, 15))))
    assert (len(shown.recent), shown.older) == (12, "and 2 earlier")


def test_the_forecast_keeps_what_is_known_and_what_would_be_repeated_apart() -> None:
    shown = text(report(coming=(DUE, DUE.but(pay_day=date(2014, 1, 1))), repeated=(REPEATED, REPEATED)))
    assert [each.name for each in shown.forecast] == [
        *(f"{month} 2012" for month in ("May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")),
        *(f"{month} 2013" for month in ("Jan", "Feb", "Mar", "Apr", "May")),
    ]
    told = {each.key: (each.known, each.repeated) for each in shown.forecast if not each.is_empty}
    assert told == {"2012-06": ("36.45", "—"), "2013-03": ("—", "90.00")}
    assert (shown.forecast_sum.known, shown.forecast_sum.repeated) == ("36.45", "90.00")
    assert [each.badge for each in shown.repeated] == ["expected if repeated"] * 2
    assert shown.forecast_lacks == ""


def test_the_forecast_says_what_it_lacks() -> None:
    shown = text(report(coming=(DUE.but(value=NO_RATE),), repeated=(REPEATED.but(value=NO_RATE),)))
    assert shown.forecast_lacks == "2 payments left out: no source of exchange rates knows JPY."
    assert (shown.forecast_sum.known, shown.forecast_sum.repeated) == ("—", "—")


def test_yields_have_no_sign_and_a_reason_where_there_is_none() -> None:
    known = Yield(AAPL, "Apple Inc.", D("45.00"), D("1800.00"), D("1000.00"), D("2.50"), D("4.50"))
    lacking = Yield(Symbol("ZZZ"), "ZZZ", D(0), None, None, NotAvailable("a"), NotAvailable("b"))
    shown = text(report(yields=(known, lacking)))
    first, second = shown.yields
    assert (first.name, first.income, first.on_value, first.on_cost) == ("Apple Inc.", "45.00", "2.50 %", "4.50 %")
    assert (second.name, second.income, second.on_value, second.reason) == ("", "0.00", "—", "a, b")
    assert (shown.all_yields.income, shown.head.on_value, shown.head.on_cost) == ("45.00", "2.50 %", "4.50 %")
    assert (first.plain_income, second.plain_income) == ("45.00", "0.00")


def test_the_chart_has_each_month_of_each_instrument_the_oldest_first() -> None:
    assert chart_data(report(*PAID)) == {
        "currency": "EUR",
        "places": 2,
        "today": "2012-05-21",
        "payments": [
            {"month": "2011-05", "symbol": "AAPL", "gross": "7.00"},
            {"month": "2012-05", "symbol": "", "gross": "4.00"},
            {"month": "2012-05", "symbol": "AAPL", "gross": "10.00"},
        ],
    }
