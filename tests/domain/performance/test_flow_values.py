"""What a portfolio was worth just before something crossed its border."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, moment, transfer_in, transfer_out, withdrawal
from tests.domain.performance.test_daily_values import price_of, quote
from tests.domain.valuation.market import BERLIN, EUR, STEADY, USD
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import Prices, instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.domain.market.quotes import Quality, Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.flow_values import (
    HeldThen,
    crosses_the_border,
    held_before,
    place_of,
    value_of_held,
)
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.series import ValuedDay, portfolio_series
from tickfolio.domain.performance.twr import RATES, FlowValue
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Worth
from tickfolio.domain.valuation.windows import OneSpan

D = Decimal


def rate_of(ledger: AnyLedger, currency: Currency, *, then: HeldThen) -> Decimal | None:
    found = ledger.rates.rate_at(currency, ledger.base, at=then.at)
    return None if isinstance(found, Unpriced) else found.rate


@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16), number=st.integers(0, 40))
def test_it_is_the_value_of_all_that_stands_before_it(ledger: AnyLedger, seed: int, number: int) -> None:
    book, prices = book_of(ledger), Prices(seed)
    flow = book.transactions[number % len(book.transactions)]
    place, at = place_of(flow), flow.at
    # What is paid at that moment, and later in the order, would be cash in the one and due in the other.
    assume(all(each.at != at or place_of(each) < place for each in book.transactions if accrues(each)))
    ledgers = folded(book, ledger)
    held = held_before(book, ledgers, [place])[place]
    value = value_of_held(
        held,
        book,
        price_of=lambda symbol: price_of(prices, symbol, at),
        rate_of=partial(rate_of, ledger, then=held),
    )
    cut = replace(
        book, transactions=tuple(each for each in book.transactions if place_of(each) < place or each.at > at)
    )
    shown = LivePortfolio(cut, days=OneSpan(at)).value(
        quote_of=partial(quote, prices, at=at), quality_of=lambda _: Quality.LIVE, rates=ledger.rates, at=at
    )
    is_split_then = any(split.at == at for each in held.units for split in each.splits)
    assert value == (None if is_split_then else shown.totals.value)
    assert held.rows == sum(isinstance(row.worth, Worth) and bool(row.quantity) for row in shown.rows)


def accrues(each: Transaction) -> bool:
    return getattr(each, "accrues_at", None) is not None


def folded(book: PortfolioBook, ledger: AnyLedger) -> list[AccountLedger]:
    live = LivePortfolio(book, days=OneSpan(ledger.end))
    return [each for _, each in live.ledgers(rates=ledger.rates, at=ledger.end + timedelta(days=400))]


def book(*transactions: Transaction) -> PortfolioBook:
    return PortfolioBook(EUR, BERLIN, (AccountFacts(BROKER, "Broker"),), transactions, {AAPL: instrument(AAPL)})


def held(mine: PortfolioBook, flow: Transaction) -> HeldThen:
    live = LivePortfolio(mine, days=OneSpan(moment("2012-05-21")))
    ledgers = [each for _, each in live.ledgers(rates=STEADY, at=moment("2012-05-25"))]
    return held_before(mine, ledgers, [place_of(flow)])[place_of(flow)]


def test_without_a_price_or_a_rate_there_is_no_value() -> None:
    flow = deposit("2012-05-22 15:00", "1000 EUR")
    mine = book(deposit("2012-05-21 09:00", "500 EUR"), buy("2012-05-21 10:00", "10", "400 USD"), flow)
    then = held(mine, flow)
    assert (set(then.symbols), set(then.currencies(mine)), then.rows) == ({AAPL}, {EUR, USD}, 3)

    def value(*, price: str | None = "50", missing: Currency | None = None) -> Decimal | None:
        return value_of_held(
            then,
            mine,
            price_of=lambda _: None if price is None else PriceInForce(D(price), moment("2012-05-21")),
            rate_of=lambda currency: None if currency == missing else D(1) if currency == EUR else D("0.8"),
        )

    assert value() == D("580.00")  # 500 € − 400 $ + 10 × 50 $, at 0.80 €
    assert value(price=None) is None
    assert value(missing=USD) is None
    assert value(missing=EUR) is None


def test_nothing_is_looked_up_where_nothing_is_asked() -> None:
    assert held_before(book(), [], []) == {}


def test_deposits_withdrawals_and_transfers_over_the_border_are_flows() -> None:
    assert crosses_the_border(deposit("2012-05-21", "1 EUR"))
    assert crosses_the_border(withdrawal("2012-05-21", "1 EUR"))
    assert crosses_the_border(transfer_in("2012-05-21", "1"))
    assert crosses_the_border(transfer_out("2012-05-21", "1", to=None))
    assert not crosses_the_border(transfer_out("2012-05-21", "1"))
    assert not crosses_the_border(buy("2012-05-21", "1", "1 EUR"))


# ---------- In the series ----------

CLOSES = {AAPL: CloseHistory([moment("2012-05-18 20:00"), moment("2012-05-21 20:00")], [D(100), D(150)])}
EVENING = moment("2012-05-21 21:00")


def day_of(*flows: Transaction, values: dict[TransactionId, FlowValue]) -> ValuedDay:
    """Monday: 900 € and one AAPL at 100, which closed at 150, with what crosses the border in it."""
    mine = replace(
        book(deposit("2012-05-18 09:00", "1000 EUR"), buy("2012-05-18 10:00", "1", "100 EUR"), *flows),
        instruments={AAPL: replace(instrument(AAPL), currency=EUR)},
    )
    live = LivePortfolio(mine, days=OneSpan(EVENING))
    live.ledgers(rates=STEADY, at=moment("2012-05-22"))
    days = Days(moment("2012-05-18").date(), moment("2012-05-21").date(), BERLIN)
    series = portfolio_series(mine, live, days, closes=CLOSES, rates=STEADY, valued_flows=values)
    return series.whole()[-1]


def test_a_valued_flow_cuts_the_day() -> None:
    flow = deposit("2012-05-21 16:00", "1050 EUR")
    assert day_of(flow, values={}).growth == RATES.divide(D(2100), D(2050))
    assert day_of(flow, values={flow.id: FlowValue(D(1050))}).growth == D("1.05")


def test_instruments_that_leave_are_worth_what_they_were_worth_then() -> None:
    gone = transfer_out("2012-05-21 16:00", "1", to=None)
    day = day_of(gone, values={gone.id: FlowValue(D(1050), D(900))})
    assert (day.flows[0].amount, day.growth) == (D(-100), D("1.05"))


def test_of_two_at_one_moment_the_order_of_entry_counts() -> None:
    first = deposit("2012-05-21 16:00", "1050 EUR")
    second = withdrawal("2012-05-21 16:00", "500 EUR")
    values = {first.id: FlowValue(D(1050)), second.id: FlowValue(D(2100))}
    assert day_of(second, first, values=values).growth == D("1.05")


def test_on_a_day_with_a_row_left_out_the_day_rule_holds() -> None:
    flow = deposit("2012-05-21 16:00", "1050 EUR")
    nobody = Symbol("NOBODY")
    unknown = buy("2012-05-18 11:00", "1", "1 EUR", symbol=nobody)
    mine = replace(
        book(deposit("2012-05-18 09:00", "1000 EUR"), unknown, flow), instruments={nobody: instrument(nobody)}
    )
    live = LivePortfolio(mine, days=OneSpan(EVENING))
    live.ledgers(rates=STEADY, at=moment("2012-05-22"))
    days = Days(moment("2012-05-18").date(), moment("2012-05-21").date(), BERLIN)
    series = portfolio_series(mine, live, days, closes={}, rates=STEADY, valued_flows={flow.id: FlowValue(D(1))})
    assert series.whole()[-1].flows[0].before is None
