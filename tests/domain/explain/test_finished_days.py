"""A finished day, explained."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import told
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BROKER, NEWCO, buy, deposit, dividend, merger, moment, sell, transfer_in
from tests.domain.valuation.market import BERLIN, EUR, STEADY
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import MINUTES, PARTS_OF_A_DAY, LatePrices, Prices, instrument
from tickfolio.domain.explain.chosen import Chosen
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.finished_days import END, MOVED, SIDES, START, FinishedDay, finished_day, finished_row
from tickfolio.domain.explain.standing import Sources, Standings
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce, PriceOf
from tickfolio.domain.valuation.spans import SpanChange, span_change, span_ends

ALL = ("total", *PARTS, *SIDES)


def finished(ledger: AnyLedger, since: datetime, until: datetime, prices: PriceOf) -> tuple[FinishedDay, SpanChange]:
    """A span explained, and what the attribution has of it."""
    book = book_of(ledger)
    sources = Sources(prices, ledger.rates, "closes", "a bank")
    ends = span_ends(book, (since, until), price_of=prices, rates=ledger.rates, source="closes")
    change = span_change(book, since=since, until=until, price_of=prices, rates=ledger.rates)
    return FinishedDay(ends, Standings(book, sources, until=until)), change


@settings(max_examples=FEWER)
@given(
    ledger=any_ledgers(min_size=6),
    first=MINUTES,
    length=MINUTES,
    seed=st.integers(0, 2**16),
    prices=st.sampled_from((Prices, LatePrices)),
)
def test_parts_of_a_finished_day_are_what_their_formulas_say_and_what_the_attribution_shows(
    ledger: AnyLedger, first: int, length: int, seed: int, prices: type[Prices]
) -> None:
    since = FIRST + timedelta(minutes=first)
    found, change = finished(ledger, since, since + timedelta(minutes=length), prices(seed))
    for each in change.contributions:
        sides = {START: each.opening, MOVED: each.moved, END: each.closing, "total": each.parts.total}
        for part in ALL:
            tree = finished_row(found, each.key, part)
            check(tree)
            assert tree.value == (sides[part] if part in sides else getattr(each.parts, part))
    for left in change.left_out:
        assert isinstance(finished_row(found, left.key).value, NotAvailable)
    wholes = {START: change.opening, MOVED: change.flows, END: change.closing, "total": change.gain}
    for part in ALL:
        tree = finished_day(found, Chosen(), part, name="all")
        check(tree)
        assert part not in wholes or tree.value == wholes[part]
        assert len(tree.notes) == len(change.left_out)


# ---------- By hand ----------

MONDAY_CLOSES = moment("2012-05-21 20:00")


def monday(
    *transactions: Transaction, prices: dict[Symbol, tuple[str, str]] | None = None, rates: RateTable = STEADY
) -> FinishedDay:
    """Monday, 21 May 2012, in Berlin, with the closes of Friday and of Monday."""
    closes = prices or {AAPL: ("100", "110"), NEWCO: ("190", "210")}

    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        if symbol not in closes:
            return None
        friday, monday = closes[symbol]
        is_monday = at >= MONDAY_CLOSES
        return PriceInForce(
            Decimal(monday if is_monday else friday), MONDAY_CLOSES if is_monday else moment("2012-05-18 20:00")
        )

    book = PortfolioBook(
        base=EUR,
        zone=BERLIN,
        accounts=(AccountFacts(BROKER, "Broker"),),
        transactions=transactions,
        instruments={symbol: instrument(symbol) for symbol in (AAPL, NEWCO)},
    )
    ends = span_ends(book, PARTS_OF_A_DAY, price_of=price_of, rates=rates, source="closes")
    return FinishedDay(ends, Standings(book, Sources(price_of, rates, "closes", "a bank"), until=PARTS_OF_A_DAY[1]))


def test_a_gain_is_the_end_less_the_start_and_what_moved() -> None:
    found = monday(
        deposit("2012-05-14", "1000 EUR"),
        buy("2012-05-14", "10", "1000 USD"),
        sell("2012-05-21 15:00", "4", "436 USD"),
        dividend("2012-05-21 16:00", "20 USD", ex="2012-05-21 04:00"),
    )
    tree = finished_row(found, "h:broker:AAPL")
    text = told(tree)
    # 6 × 110 × 0.8 − 10 × 100 × 0.8 + 436 × 0.8 + 20 × 0.8
    assert tree.value == Decimal("92.80")
    assert tree.name == "Gain of AAPL in Broker on 2012-05-21"
    assert "end − start − moved" in text
    assert "It counts against the row" not in text
    assert finished_row(found, "h:broker:AAPL", "price").value == Decimal("80.00")
    assert finished_row(found, "h:broker:AAPL", "trading").value == Decimal("-3.20")
    whole = finished_day(found, Chosen(symbol="AAPL"), name="AAPL")
    assert (whole.name, whole.value) == ("Gain of AAPL on 2012-05-21", Decimal("92.80"))
    assert "price + trading + currency + income + fees + taxes" in told(whole)
    moved = finished_day(found, Chosen(account="broker"), MOVED, name="Broker")
    assert (moved.name, moved.value) == ("What moved into Broker on 2012-05-21", Decimal("0.00"))


def test_what_came_and_became_another_instrument_is_explained_without_a_row() -> None:
    found = monday(
        transfer_in("2012-05-21 10:00", "10"),
        merger("2012-05-21 11:00", 1, 2),
        prices={AAPL: ("100", "100"), NEWCO: ("190", "210")},
    )
    tree = finished_row(found, "h:broker:AAPL", "price")
    assert (tree.value, tree.formula) == (Decimal("-40.00"), "gain")
    assert "AAPL in Broker" in told(tree)
    assert finished_row(found, "h:broker:AAPL", "income").formula == "0"
    assert finished_row(found, "h:broker:AAPL", START).value == 0


def test_a_row_without_a_price_is_left_out_and_says_why() -> None:
    found = monday(buy("2012-05-14", "10", "1000 USD"), prices={NEWCO: ("1", "1")})
    tree = finished_row(found, "h:broker:AAPL", "price")
    assert tree.value == NotAvailable("no price of AAPL is known")
    assert "AAPL in Broker is left out" in finished_day(found, Chosen(), name="the portfolio").notes[0]
    assert finished_day(found, Chosen(symbol="NEWCO"), name="NEWCO").notes == ()
