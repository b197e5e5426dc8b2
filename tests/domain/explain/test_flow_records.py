"""The values around a flow, by what was recorded with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import told
from tests.domain.explain.spans import span, span_of
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import AAPL, buy, deposit, moment, split, transfer_in, transfer_out, withdrawal
from tests.domain.valuation.market import EUR, RATES, USD
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.explain.flow_records import FlowRecord, RecordedPrice
from tickfolio.domain.explain.measured import Measured
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind
from tickfolio.domain.explain.returns import figures_of, time_weighted
from tickfolio.domain.ledger.transactions import Transaction, TransactionId, TransferIn, TransferOut
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.flow_values import HeldThen, crosses_the_border, held_before, place_of, value_of_held
from tickfolio.domain.performance.twr import FlowValue
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce

D = Decimal
FIRST, LAST = "2012-05-14", "2012-05-20"
PRICES = {"2012-05-14": "500.00", "2012-05-15": "550.00"}


def recorded(found: Measured, flow: Transaction, rates: RateTable, price: str) -> FlowRecord | None:
    """The record of a flow at one price of everything; None where there would be none."""
    book, at = found.standings.book, flow.at
    ledgers = [account.ledger for account in found.standings.latest().live.accounts()]
    places = [place_of(flow), (at, flow.sequence + 1)]
    held = held_before(book, ledgers, places)
    before, after = held[places[0]], held[places[1]]
    known = {
        each: Fact(FactKind.RATE, f"Rate of {each}", rate.rate, f"{book.base}/{each}", at, "a bank")
        for each in before.currencies(book) | after.currencies(book)
        if not isinstance(rate := rates.rate_at(each, book.base, at=at), Unpriced)
    }
    prices = {
        each: RecordedPrice(
            Fact(FactKind.PRICE, f"Price of {each}", D(price), "USD", at, "a feed"), at - timedelta(days=1)
        )
        for each in before.symbols | after.symbols
    }
    record = FlowRecord(before, after, prices, known)
    is_whole = all(worth(book, record, each) is not None for each in (before, after))
    return record if is_whole else None


def worth(book: PortfolioBook, record: FlowRecord, held: HeldThen) -> Decimal | None:
    def rate_of(currency: Currency) -> Decimal | None:
        found = record.rates.get(currency)
        return None if found is None else D(found.value)

    return value_of_held(
        held,
        book,
        price_of=lambda symbol: PriceInForce(record.prices[symbol].price, record.prices[symbol].basis),
        rate_of=rate_of,
    )


def valued(found: Measured, records: dict[TransactionId, FlowRecord]) -> dict[TransactionId, FlowValue]:
    """What the records make of their flows."""
    book, values = found.standings.book, dict[TransactionId, FlowValue]()
    for flow in book.transactions:
        if flow.id in records:
            record = records[flow.id]
            before, after = worth(book, record, record.before), worth(book, record, record.after)
            assert before is not None
            values[flow.id] = FlowValue(before, after if isinstance(flow, (TransferIn, TransferOut)) else None)
    return values


def cut(*transactions: Transaction, at: Transaction, price: str = "540.00", base: Currency = USD) -> Measured:
    """The days of `span`, with one flow that was valued."""
    plain = span(*transactions, first=FIRST, last=LAST, prices=PRICES, base=base)
    record = recorded(plain, at, RATES, price)
    assert record is not None
    records = {at.id: record}
    found = span(*transactions, first=FIRST, last=LAST, prices=PRICES, base=base, valued=valued(plain, records))
    return replace(found, records=lambda: records)


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_values_around_any_flow_are_what_their_formulas_say(ledger: AnyLedger, seed: int) -> None:
    plain = span_of(ledger, seed)
    flows = [each for each in book_of(ledger).transactions if crosses_the_border(each)]
    records = {each.id: record for each in flows if (record := recorded(plain, each, ledger.rates, "7.25")) is not None}
    found = replace(span_of(ledger, seed, valued=valued(plain, records)), records=lambda: records)
    tree = time_weighted(found)
    assert tree.value == figures_of(found).twr
    check(tree)


def test_the_value_before_a_flow_is_of_what_was_held_at_the_recorded_prices() -> None:
    more = deposit("2012-05-16", "600.00 USD")
    found = cut(
        deposit("2012-05-14", "6000.00 USD"), buy("2012-05-14 13:00", "10", "5000.00 USD"), more,
        withdrawal("2012-05-16 15:00", "100.00 USD"), at=more,
    )  # fmt: skip
    text = told(time_weighted(found))
    assert "Value just before Deposit = 6400.00 USD" in text
    assert "Value of AAPL then = 5400.00 USD" in text
    assert "Price of AAPL = 540.00 USD (price, 2012-05-16 12:00:00Z, a feed)" in text
    assert "Value just after the flow = 7000.00 USD" in text
    assert "out: Went out within the part of 2012-05-16 = 100.00 USD" in text
    # The day's own values are at its ends: ten at 550 and the cash.
    growth = found.period(2, 2)
    assert isinstance(growth.value, D)
    assert abs(growth.value - (D("6400") / D("6500")) * (D("7100") / D("7000"))) < D("1e-20")
    parts = [part for _, part in growth.children() if isinstance(part, Explained)]
    ends = [[below.name for symbol, below in part.children() if symbol in ("opening", "closing")] for part in parts]
    assert ends == [
        ["Value just before Deposit", "Value at the end of 2012-05-15"],
        ["Value at the end of 2012-05-16", "Value just after the flow"],
    ]


def test_in_another_currency_the_recorded_rate_counts() -> None:
    more = withdrawal("2012-05-16", "100.00 USD")
    found = cut(
        deposit("2012-05-14", "6000.00 USD"), buy("2012-05-14 13:00", "10", "5000.00 USD"),
        deposit("2012-05-16 09:00", "50.00 USD"), more, at=more, base=EUR,
    )  # fmt: skip
    text = told(time_weighted(found))
    assert "round(quantity × price × rate, 2)" in text
    assert "before − out" in text
    assert "in: Came in within the part of 2012-05-16 = 40.00 EUR" in text


def test_a_split_that_the_recorded_price_does_not_know_is_taken_out() -> None:
    more = deposit("2012-05-16", "600.00 USD")
    found = cut(
        deposit("2012-05-14", "6000.00 USD"), buy("2012-05-14 13:00", "10", "5000.00 USD"),
        split("2012-05-16 10:00", 2, 1), more, at=more,
    )  # fmt: skip
    text = told(time_weighted(found))
    assert "round(round(quantity × price × old ÷ new, 50), 2)" in text
    assert "Value of AAPL then = 5400.00 USD" in text


def test_a_split_that_the_recorded_price_knows_is_not_taken_out() -> None:
    more = deposit("2012-05-16", "600.00 USD")
    found = cut(
        deposit("2012-05-14", "6000.00 USD"), buy("2012-05-14 13:00", "10", "5000.00 USD"),
        split("2012-05-15 10:00", 2, 1), more, at=more,
    )  # fmt: skip
    text = told(time_weighted(found))
    assert "old ÷ new" not in text
    assert "Value of AAPL then = 10800.00 USD" in text


def test_what_is_transferred_is_valued_on_both_sides() -> None:
    start = deposit("2012-05-14", "6000.00 USD"), buy("2012-05-14 13:00", "10", "5000.00 USD")
    for more, units in ((transfer_in("2012-05-16", "2"), 12), (transfer_out("2012-05-16", "2", to=None), 8)):
        text = told(time_weighted(cut(*start, more, at=more)))
        assert f"= {1000 + units * 540}.00 USD" in text.split("Value just after Transfer")[1]


def test_without_the_record_the_value_is_a_fact_that_names_it() -> None:
    start, more = deposit("2012-05-14", "1000.00 USD"), transfer_in("2012-05-16", "2")
    found = span(start, more, first=FIRST, last=LAST, prices=PRICES, valued={more.id: FlowValue(D(1000), D(2080))})
    text = told(time_weighted(found))
    assert "Value just before Transfer in AAPL = 1000 USD (flow valuation, 2012-05-16 12:00:00Z" in text
    assert "Value just after Transfer in AAPL = 2080 USD (flow valuation" in text
    assert moment("2012-05-16") == more.at
    assert AAPL in {row.symbol for row in found.standings.latest().valuation.rows}
