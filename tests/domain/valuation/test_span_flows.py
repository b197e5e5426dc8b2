"""What moves between the rows of a portfolio and over its border, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST as BEGIN
from tests.domain.ledger.bookings import (
    AAPL,
    BROKER,
    NEWCO,
    buy,
    cash_transfer,
    deposit,
    dividend,
    exchange,
    merger,
    moment,
    received,
    reinvested,
    sell,
    spin_off,
    split,
    symbol_change,
    transfer_in,
    transfer_out,
    withdrawal,
)
from tests.domain.valuation.market import EUR, RATES, USD, book
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import SAP, Prices, day_of, part_of
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import ReceivedLot
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.valuation.attribution import GainParts
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.references import ReferenceFacts, References
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.span_flows import flows_by_span
from tickfolio.domain.valuation.spans import span_change
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.domain.valuation.windows import OneSpan

D = Decimal
FIRST, LAST = "2012-05-20 22:00", "2012-05-21 21:59"
BOTH = ("broker", "bank")


def test_a_trade_moves_value_between_two_rows_and_gains_until_the_end() -> None:
    change = day_of(buy("2012-05-14", "10", "1000 USD"), sell("2012-05-21 15:00", "4", "420 USD", fees="5"))
    share = part_of(change, "h:broker:AAPL")
    # Held: 10 × 10 × 0.8. Sold at 415 what is worth 440 at the end: −25 × 0.8.
    assert share.moved == D("-332.00")
    assert share.parts == GainParts(price=D("80.00"), trading=D("-20.00"))
    assert part_of(change, "c:broker:USD").moved == D("332.00")
    assert change.flows == 0


def test_a_deposit_and_a_withdrawal_are_flows_and_no_gain() -> None:
    change = day_of(deposit("2012-05-21 10:00", "500 EUR"), withdrawal("2012-05-21 11:00", "120 EUR"))
    assert (change.opening, change.flows, change.closing, change.gain) == (D(0), D("380.00"), D("380.00"), D(0))


def test_a_new_symbol_goes_on_from_the_price_of_the_old_one() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        symbol_change("2012-05-21 04:00"),
        prices={AAPL: ("100", "100"), NEWCO: ("", "110")},
    )
    old, new = part_of(change, "h:broker:AAPL"), part_of(change, "h:broker:NEWCO")
    assert (old.opening, old.moved, old.parts.total) == (D("800.00"), D("-800.00"), D(0))
    assert (new.moved, new.closing, new.parts) == (D("800.00"), D("880.00"), GainParts(price=D("80.00")))


def test_a_new_symbol_that_is_split_goes_on_from_the_price_of_the_old_one() -> None:
    held, changed = buy("2012-05-14", "10", "1000 USD"), symbol_change("2012-05-21 04:00")
    for booked in (split("2012-05-21 05:00", 2, 1, symbol=NEWCO), split("2012-05-21 03:00", 2, 1)):
        change = day_of(held, changed, booked, prices={AAPL: ("100", "100"), NEWCO: ("", "55")})
        old, new = part_of(change, "h:broker:AAPL"), part_of(change, "h:broker:NEWCO")
        assert (old.moved, old.parts.total) == (D("-800.00"), D(0))
        assert (new.moved, new.closing, new.parts) == (D("800.00"), D("880.00"), GainParts(price=D("80.00")))


def test_a_symbol_that_changed_twice_goes_on_from_the_price_of_the_first() -> None:
    again = replace(symbol_change("2012-05-21 05:00"), symbol=NEWCO, new_symbol=Symbol("LATER"))
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        symbol_change("2012-05-21 04:00"),
        again,
        prices={AAPL: ("100", "100"), NEWCO: ("", "100"), "LATER": ("", "110")},
    )
    old, new = part_of(change, "h:broker:AAPL"), part_of(change, "h:broker:LATER")
    assert (old.moved, old.parts.total, new.moved, new.parts.total) == (D(-800), D(0), D(800), D(80))


def test_instruments_cross_the_border_at_their_price_at_the_start() -> None:
    change = day_of(transfer_in("2012-05-21 10:00", "10"), prices={AAPL: ("100", "110")})
    assert (change.flows, change.gain) == (D("800.00"), D("80.00"))
    gone = day_of(buy("2012-05-14", "10", "1000 USD"), transfer_out("2012-05-21 10:00", "4", to=None))
    assert (gone.flows, part_of(gone, "h:broker:AAPL").parts) == (D("-320.00"), GainParts(price=D("48.00")))


@pytest.mark.parametrize("lots", [(), (received("2012-05-17", "7", "266 USD"),)], ids=["cost unknown", "cost known"])
def test_what_comes_on_the_first_day_of_its_trading_moves_in_at_the_price_and_rate_of_the_end(
    lots: tuple[ReceivedLot, ...],
) -> None:
    change = day_of(transfer_in("2012-05-21 10:00", "7", *lots), prices={AAPL: ("", "40")}, rates=RATES)
    share = part_of(change, "h:broker:AAPL")
    # 7 × 40 × 0.9.
    assert (share.opening, share.moved, share.closing) == (D(0), D("252.00"), D("252.00"))
    assert share.parts == GainParts()
    assert (change.flows, change.gain, change.left_out) == (D("252.00"), D(0), ())


def test_what_comes_and_is_sold_on_the_first_day_of_its_trading_gains_what_the_sale_brought_above_the_end() -> None:
    change = day_of(
        transfer_in("2012-05-21 10:00", "7"), sell("2012-05-21 15:00", "2", "90 USD"), prices={AAPL: ("", "40")}
    )
    share = part_of(change, "h:broker:AAPL")
    # 7 × 40 × 0.8 came in, 90 × 0.8 went out for what is worth 2 × 40 × 0.8 at the end.
    assert (share.moved, share.closing, share.parts) == (D("152.00"), D("160.00"), GainParts(trading=D("8.00")))


def test_what_comes_without_any_price_is_left_out() -> None:
    change = day_of(transfer_in("2012-05-21 10:00", "7"), prices={NEWCO: ("1", "1")})
    assert [(each.symbol, each.reason) for each in change.left_out] == [("AAPL", "no price of AAPL is known")]
    assert (change.flows, change.gain) == (D(0), D(0))


def test_between_two_accounts_of_the_portfolio_both_rows_have_the_same_figure() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        transfer_out("2012-05-21 10:00", "4"),
        deposit("2012-05-14", "100 EUR"),
        cash_transfer("2012-05-21 10:00", "30 EUR"),
        accounts=BOTH,
    )
    assert [part_of(change, f"h:{account}:AAPL").moved for account in BOTH] == [D("-320.00"), D("320.00")]
    assert [part_of(change, f"c:{account}:EUR").moved for account in BOTH] == [D("-30.00"), D("30.00")]
    assert (change.flows, change.gain) == (D(0), D("80.00"))


def test_the_figure_is_the_same_where_only_one_account_has_booked_a_split() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        transfer_out("2012-05-21 10:00", "4"),
        split("2012-05-21 11:00", 7, 5),
        accounts=BOTH,
    )
    moved = [part_of(change, f"h:{account}:AAPL").moved for account in BOTH]
    assert moved[0] == -(moved[1] or 0) != 0
    assert change.flows == 0


def test_two_transfers_have_a_figure_each() -> None:
    change = day_of(
        transfer_in("2012-05-21 10:00", "10"), transfer_in("2012-05-21 11:00", "4"), prices={AAPL: ("100", "100")}
    )
    assert change.flows == D("1120.00")


def test_instruments_without_any_price_move_nothing_and_are_left_out() -> None:
    change = day_of(transfer_in("2012-05-21 10:00", "10"), prices={SAP: ("1", "1")})
    assert (change.flows, [each.symbol for each in change.left_out]) == (D(0), ["AAPL"])


def test_what_came_before_its_first_price_moves_in_the_units_of_that_price() -> None:
    change = day_of(
        transfer_in("2012-05-21 10:00", "10"), split("2012-05-21 11:00", new=2, old=1), prices={AAPL: ("", "55")}
    )
    assert (change.flows, change.closing) == (D("880.00"), D("880.00"))


def test_instruments_move_at_the_rate_before_the_span() -> None:
    rates = rate_table(EUR, [(moment("2012-04-02"), {USD: D("1.25")}), (moment(FIRST), {USD: D(2)})])
    assert day_of(transfer_in("2012-05-21 10:00", "10"), rates=rates).flows == D("800.00")


@pytest.mark.parametrize("at", [FIRST, LAST])
def test_the_first_and_the_last_moment_are_of_the_span(at: str) -> None:
    held = buy("2012-05-14", "10", "1000 USD")
    assert part_of(day_of(held, sell(at, "4", "420 USD")), "h:broker:AAPL").moved == D("-336.00")
    assert day_of(deposit(at, "500 EUR")).flows == D("500.00")
    assert day_of(transfer_in(at, "10")).flows == D("800.00")
    due = dividend("2012-06-09", "20 USD", ex=at)
    assert part_of(day_of(held, due), "h:broker:AAPL").moved == D("-16.00")
    new = day_of(held, symbol_change(at), prices={AAPL: ("100", "100"), NEWCO: ("", "110")})
    assert part_of(new, "h:broker:NEWCO").moved == D("800.00")


def test_what_was_bought_at_the_first_moment_and_handed_over_moves_at_its_cost() -> None:
    change = day_of(buy(FIRST, "10", "1050 USD"), transfer_out("2012-05-21 10:00", "4"), accounts=BOTH)
    assert part_of(change, "h:bank:AAPL").moved == D("336.00")


def test_less_than_one_unit_of_cash_moves_too() -> None:
    assert day_of(deposit("2012-05-21 10:00", "0.50 EUR")).flows == D("0.50")


def test_what_a_spin_off_brings_moves_nothing_where_it_had_a_price_before() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        spin_off("2012-05-21 04:00", 1, 2, "0.2"),
        prices={AAPL: ("100", "85"), NEWCO: ("40", "40")},
    )
    assert [part_of(change, f"h:broker:{symbol}").moved for symbol in (AAPL, NEWCO)] == [0, 0]


def test_what_was_bought_in_the_day_and_handed_over_moves_at_its_cost() -> None:
    change = day_of(buy("2012-05-21 09:00", "10", "1050 USD"), transfer_out("2012-05-21 10:00", "4"), accounts=BOTH)
    assert part_of(change, "h:broker:AAPL").moved == D("504.00")
    assert part_of(change, "h:bank:AAPL").moved == D("336.00")
    assert part_of(change, "h:bank:AAPL").parts == GainParts(trading=D("16.00"))


def test_an_exchange_moves_one_value_from_one_currency_to_the_other() -> None:
    change = day_of(deposit("2012-05-14", "900 EUR"), exchange("2012-05-21 10:00", "800 EUR", "990 USD"))
    assert [part_of(change, f"c:broker:{code}").moved for code in ("EUR", "USD")] == [D("-800.00"), D("800.00")]
    assert part_of(change, "c:broker:USD").parts == GainParts(currency=D("-8.00"))


def test_a_reinvested_dividend_leaves_the_holding_and_comes_back() -> None:
    change = day_of(buy("2012-05-14", "10", "1000 USD"), reinvested("2012-05-21 10:00", "21 USD", "0.2", "21 USD"))
    share = part_of(change, "h:broker:AAPL")
    assert share.moved == 0
    assert share.parts == GainParts(price=D("80.00"), trading=D("0.80"), income=D("16.80"))


def test_what_came_and_became_another_instrument_gained_the_difference_of_their_prices() -> None:
    change = day_of(
        transfer_in("2012-05-21 10:00", "10"),
        merger("2012-05-21 11:00", 1, 2),
        prices={AAPL: ("100", "100"), NEWCO: ("190", "210")},
    )
    old, new = part_of(change, "h:broker:AAPL"), part_of(change, "h:broker:NEWCO")
    # It came at 10 × 100 × 0.8 and went as 5 × 190 × 0.8.
    assert (old.opening, old.closing, old.moved, old.parts) == (D(0), D(0), D("40.00"), GainParts(price=D("-40.00")))
    assert (new.moved, new.closing, new.parts) == (D("760.00"), D("840.00"), GainParts(price=D("80.00")))
    assert (change.flows, change.gain) == (D("800.00"), D("40.00"))
    assert (old.kind, old.account, old.account_name) == (RowKind.HOLDING, BROKER, "Broker")
    assert (old.symbol, old.name, old.currency, old.instrument_class) == (AAPL, "AAPL Inc.", USD, "equity")


def test_what_came_and_went_stands_beside_a_dividend_that_came_and_was_paid() -> None:
    change = day_of(
        dividend("2012-05-21 12:00", "20 EUR", ex="2012-05-21 04:00", symbol=SAP),
        transfer_in("2012-05-21 10:00", "10"),
        merger("2012-05-21 11:00", 1, 2),
        prices={AAPL: ("100", "100"), NEWCO: ("190", "210"), SAP: ("50", "50")},
    )
    assert part_of(change, "h:broker:AAPL").moved == D("40.00")
    assert change.gain == D("60.00")


def test_the_cash_of_a_merger_leaves_the_old_instrument_and_what_is_for_a_fraction_the_new_one() -> None:
    change = day_of(
        buy("2012-05-14", "5", "500 USD"),
        merger("2012-05-21 10:00", 1, 2, cash="50 USD", in_lieu="90 USD"),
        prices={AAPL: ("100", "100"), NEWCO: ("", "180")},
    )
    old, new = part_of(change, "h:broker:AAPL"), part_of(change, "h:broker:NEWCO")
    # The units go at 200 USD a new one, which is what two old ones were worth.
    assert (old.opening, old.moved, old.parts.total) == (D("400.00"), D("-440.00"), D("40.00"))
    assert (new.moved, new.closing, new.parts.total) == (D("328.00"), D("288.00"), D("-40.00"))
    assert change.flows == 0


# ---------- Many spans at once ----------


@settings(max_examples=FEWER)
@given(
    ledger=any_ledgers(min_size=6), cuts=st.sets(st.integers(0, 60 * 24 * 9), min_size=2), seed=st.integers(0, 2**16)
)
def test_what_moved_in_each_of_many_spans_is_what_moved_in_it_alone(
    ledger: AnyLedger, cuts: set[int], seed: int
) -> None:
    book, prices = book_of(ledger), Prices(seed)
    starts = [BEGIN + timedelta(minutes=cut) for cut in sorted(cuts)]
    spans = [(first, after - datetime.resolution) for first, after in pairwise(starts)]
    live = LivePortfolio(book, days=OneSpan(BEGIN))
    live.ledgers(rates=ledger.rates, at=starts[-1])
    facts = ReferenceFacts(book, live)
    found = flows_by_span(
        live,
        book,
        spans=spans,
        reference_of=lambda place: References(facts, prices, since=spans[place][0], until=spans[place][1]).get,
        rates=BaseRates(book.base, ledger.rates),
    )
    for place, (since, until) in enumerate(spans):
        change = span_change(book, since=since, until=until, price_of=prices, rates=ledger.rates)
        alone = {each.key: each.moved for each in change.contributions if each.moved}
        moved = found[place].moved if place in found else {}
        assert {key: value for key, value in moved.items() if value} == alone


# ---------- Before any rate was published ----------


def test_what_came_before_the_first_rate_is_valued_by_the_one_at_the_end() -> None:
    rates = rate_table(EUR, [(moment("2012-05-21 14:00"), {USD: D("1.25")})])
    booked = book(deposit("2012-05-21 10:00", "100 USD"), zone=ZoneInfo("UTC"))
    live, span = (
        LivePortfolio(booked, days=OneSpan(moment("2012-05-21 00:00"))),
        (moment("2012-05-21 00:00"), moment("2012-05-21 23:00")),
    )
    live.ledgers(rates=rates, at=span[1])
    found = flows_by_span(
        live, booked, spans=[span], reference_of=lambda _: lambda _: None, rates=BaseRates(EUR, rates)
    )
    assert found[0].moved == {"c:broker:USD": D("80.00")}


def test_where_no_rate_is_known_at_the_end_either_the_row_is_left_out() -> None:
    rates = rate_table(EUR, [(moment("2012-05-22 14:00"), {USD: D("1.25")})])
    change = day_of(deposit("2012-05-21 10:00", "100 USD"), deposit("2012-05-21 11:00", "7 EUR"), rates=rates)
    assert (change.flows, change.closing, change.gain) == (D("7.00"), D("7.00"), D("0.00"))
    assert [each.symbol for each in change.left_out] == ["USD"]
