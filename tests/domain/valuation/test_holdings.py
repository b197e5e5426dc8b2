"""What a holding is worth, in figures that can be checked by hand.

A dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.90 EUR from then on. Friday's close is of 18 May, 20:00 UTC.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import (
    AAPL,
    NEWCO,
    buy,
    dividend,
    fee,
    moment,
    return_of_capital,
    sell,
    settled,
    spin_off,
    split,
)
from tests.domain.ledger.generated import ACCOUNTS, INSTRUMENTS, GeneratedLedger, ledgers
from tests.domain.valuation.market import (
    EUR,
    STEADY,
    USD,
    calendar_of,
    fresh,
    generated_book,
    quote,
    quotes_at,
    row_of,
    valued,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Split, Transaction, TransactionId
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.market.quotes import NotAvailable, Unpriced
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Day, Row, Worth

D = Decimal
APPLE = INSTRUMENTS[AAPL]
BEFORE, EARLY, LATE = "2012-05-14", "2012-05-21 13:30", "2012-05-21 15:00"
"""A week before; Monday at the old rate; Monday at the new one."""
MONDAY = {"AAPL": quote("110", "100")}


def held_row(*transactions: Transaction, **market: object) -> Row:
    return row_of(valued(*transactions, **{"quotes": MONDAY, **market}), "h:broker:AAPL")  # type: ignore[arg-type]


def worth_of(row: Row) -> Worth:
    assert isinstance(row.worth, Worth)
    return row.worth


def day_of(row: Row) -> Day:
    day = worth_of(row).day
    assert isinstance(day, Day)
    return day


def parts(row: Row) -> dict[str, Decimal]:
    """Total, price part and currency part, and the others where there are any."""
    day = day_of(row)
    named = {
        "total": day.total,
        "price": day.price,
        "currency": day.currency,
        "income": day.income,
        "fees": day.fees,
        "taxes": day.taxes,
        "trading": day.trading,
    }
    return {name: part for name, part in named.items() if part or name in {"total", "price", "currency"}}


def test_value_is_quantity_by_price_by_rate_and_unrealized_is_value_less_cost() -> None:
    row = held_row(buy(BEFORE, "10", "890 USD", fees="10"))
    worth = worth_of(row)
    assert (row.quantity, row.price, row.cost) == (D(10), D(110), D("720.00"))
    assert (worth.value, worth.unrealized, worth.unrealized_percent) == (D("990.00"), D("270.00"), D("37.50"))


def test_cost_in_the_base_currency_is_at_the_rate_of_the_purchase() -> None:
    row = held_row(buy(BEFORE, "1", "100 USD"), buy(LATE, "1", "100 USD"))
    assert row.cost == D("170.00")


def test_cost_is_what_was_really_paid_where_that_is_stated() -> None:
    assert held_row(buy(BEFORE, "10", "900 USD", settlement=settled("725 EUR", rate="0.805"))).cost == D("725.00")


def test_pence_are_a_hundredth_of_a_pound() -> None:
    valuation = valued(
        buy(BEFORE, "100", "170 GBP", symbol=Symbol("VOD")), quotes={"VOD": quote("180", "170", symbol="VOD")}
    )
    row = row_of(valuation, "h:broker:VOD")
    # 100 × 180 pence = 180 GBP, and a pound is 1.25 EUR.
    assert (worth_of(row).value, row.cost, row.price) == (D("225.00"), D("212.50"), D(180))


def test_a_unit_of_price_is_contract_size_by_quote_unit() -> None:
    option = replace(APPLE, contract_size=D(100))
    assert (unit_value(APPLE), unit_value(option)) == (D(1), D(100))
    assert unit_value(replace(APPLE, quote_unit=D(3))) == D("0.333333333333")


def test_what_was_held_since_before_gained_price_and_currency() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"))
    # 10 × (110 × 0.9 − 100 × 0.8); price 10 × 10 × 0.9; currency 10 × 100 × 0.1.
    assert parts(row) == {"total": D("190.00"), "price": D("90.00"), "currency": D("100.00")}
    assert (day_of(row).reference, day_of(row).percent) == (D("800.00"), D("23.75"))


def test_what_was_bought_in_the_window_gained_since_its_purchase() -> None:
    row = held_row(buy(EARLY, "10", "1050 USD"))
    # 1100 × 0.9 − 1050 × 0.8; trading 50 × 0.9; currency 1050 × 0.1.
    assert parts(row) == {"total": D("150.00"), "price": 0, "trading": D("45.00"), "currency": D("105.00")}
    assert (day_of(row).reference, day_of(row).percent) == (D("840.00"), D("17.86"))


def test_what_was_sold_in_the_window_gained_until_its_sale() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), sell(LATE, "10", "1090 USD", fees="10"))
    # 1080 × 0.9 − 1000 × 0.8; price 100 × 0.9, of which the sale missed 20 × 0.9; currency 1000 × 0.1.
    assert parts(row) == {
        "total": D("172.00"),
        "price": D("90.00"),
        "trading": D("-18.00"),
        "currency": D("100.00"),
    }
    assert (row.quantity, row.cost, worth_of(row).value, day_of(row).percent) == (D(0), D(0), D(0), D("21.50"))


def test_what_was_bought_and_sold_in_the_window_gained_its_difference() -> None:
    row = held_row(buy(EARLY, "10", "1050 USD"), sell(LATE, "10", "1080 USD"))
    # 1080 × 0.9 − 1050 × 0.8; trading 30 × 0.9; currency 1050 × 0.1.
    assert parts(row) == {"total": D("132.00"), "price": 0, "trading": D("27.00"), "currency": D("105.00")}
    assert day_of(row).reference == D("840.00")


def test_the_rate_really_paid_is_the_rate_of_the_trade() -> None:
    bought = held_row(buy(EARLY, "10", "1050 USD", settlement=settled("861 EUR", rate="0.82")))
    # 990 − 861; trading 50 × 0.9; currency 1050 × (0.9 − 0.82).
    assert parts(bought) == {"total": D("129.00"), "price": 0, "trading": D("45.00"), "currency": D("84.00")}
    sale = sell(LATE, "10", "1080 USD", settlement=settled("950.40 EUR", rate="0.88"))
    # 950.40 − 800; price 100 × 0.9, with the trade 80 × 0.88; currency 1000 × (0.88 − 0.8).
    assert parts(held_row(buy(BEFORE, "10", "900 USD"), sale)) == {
        "total": D("150.40"),
        "price": D("90.00"),
        "trading": D("-19.60"),
        "currency": D("80.00"),
    }


def test_a_trade_in_another_currency_than_the_instruments_is_compared_in_the_base_currency() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), sell(LATE, "10", "980 EUR"))
    # 980 − 1000 × 0.8; of that 980 − 1000 × 0.9 is the price's and the trade's, 1000 × 0.1 the currency's.
    assert parts(row) == {
        "total": D("180.00"),
        "price": D("90.00"),
        "trading": D("-10.00"),
        "currency": D("100.00"),
    }
    turned = held_row(buy(EARLY, "10", "840 EUR"), sell(LATE, "10", "1080 USD"))
    assert parts(turned) == {"total": D("132.00"), "price": 0, "trading": D("132.00"), "currency": D("0.00")}


def test_fees_outside_the_cost_are_part_of_the_day() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), fee(LATE, "5 EUR", symbol=AAPL), fee(BEFORE, "7 EUR", symbol=AAPL))
    assert parts(row)["fees"] == D("-5.00")
    assert parts(row)["total"] == D("185.00")


def test_income_counts_on_the_ex_date_with_its_tax_beside_it() -> None:
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-21 04:00")
    assert parts(held_row(buy(BEFORE, "10", "900 USD"), due)) == {
        "total": D("203.60"),
        "price": D("90.00"),
        "currency": D("100.00"),
        "income": D("16.00"),
        "taxes": D("-2.40"),
    }


def test_income_that_counted_on_an_earlier_ex_date_does_not_count_again_when_it_is_paid() -> None:
    paid = dividend(LATE, "20 USD", tax="3", ex="2012-05-14")
    assert parts(held_row(buy(BEFORE, "10", "900 USD"), paid)) == parts(held_row(buy(BEFORE, "10", "900 USD")))


def test_income_without_an_ex_date_counts_when_it_is_paid() -> None:
    assert parts(held_row(buy(BEFORE, "10", "900 USD"), dividend(LATE, "20 USD")))["income"] == D("18.00")


def test_income_of_what_was_sold_long_ago_keeps_a_row_for_its_day() -> None:
    trades = buy(BEFORE, "10", "900 USD"), sell("2012-05-15", "10", "1000 USD")
    row = held_row(*trades, dividend(LATE, "20 USD"))
    assert (row.quantity, parts(row)["income"], parts(row)["total"]) == (D(0), D("18.00"), D("18.00"))
    assert [each.key for each in valued(*trades, quotes=MONDAY).rows] == ["c:broker:USD"]


def test_income_of_what_was_sold_long_ago_needs_no_rate_of_now() -> None:
    trades = buy(BEFORE, "10", "900 USD"), sell("2012-05-15", "10", "1000 USD")
    withdrawn = rate_table(EUR, [(moment("2012-04-02"), {USD: D("1.25")}), (moment("2012-05-21"), {})])
    paid = dividend(LATE, "20 USD", settlement=settled("16 EUR", rate="0.8"))
    row = held_row(*trades, paid, rates=withdrawn)
    assert (worth_of(row).value, parts(row)["income"], parts(row)["total"]) == (D(0), D("16.00"), D("16.00"))


def test_on_saturday_the_day_is_friday_against_thursday() -> None:
    friday = {"AAPL": quote("110", "100", day="2012-05-18")}
    row = held_row(buy(BEFORE, "10", "900 USD"), quotes=friday, at=moment("2012-05-19"))
    assert parts(row) == {"total": D("80.00"), "price": D("80.00"), "currency": D("0.00")}
    assert str(day_of(row).reference_day) == "2012-05-17"


def test_without_a_price_a_holding_is_unpriced_and_keeps_its_cost() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), quotes={})
    assert row.worth == Unpriced("no price of AAPL is known")
    assert (row.cost, row.price) == (D("720.00"), None)


def test_without_the_rate_of_now_a_holding_is_unpriced() -> None:
    withdrawn = rate_table(EUR, [(moment("2012-04-02"), {USD: D("1.25")}), (moment("2012-05-21"), {})])
    row = held_row(buy(BEFORE, "10", "900 USD"), rates=withdrawn)
    assert row.worth == Unpriced("no exchange rate of USD is published at 2012-05-21")
    assert row.cost == D("720.00")


def test_without_the_rate_of_the_purchase_a_holding_is_unpriced() -> None:
    row = held_row(buy("2012-03-01", "10", "900 USD"))
    reason = "no exchange rate of USD had been published by 2012-03-01"
    assert (row.worth, row.cost) == (Unpriced(reason), NotAvailable(reason))


def test_what_was_bought_in_the_window_needs_no_rate_at_the_reference() -> None:
    begun = rate_table(EUR, [(moment("2012-05-21 09:00"), {USD: D("1.25")})])
    assert parts(held_row(buy(EARLY, "10", "1050 USD"), rates=begun))["total"] == D("40.00")


def test_without_a_previous_close_only_the_day_is_missing() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), quotes={"AAPL": quote("110")})
    assert worth_of(row).value == D("990.00")
    assert worth_of(row).day == NotAvailable("no previous close is known")


def test_what_was_bought_on_the_first_day_of_trading_needs_no_previous_close() -> None:
    row = held_row(buy(EARLY, "10", "1050 USD"), quotes={"AAPL": quote("110")})
    assert parts(row)["total"] == D("150.00")


def test_a_price_two_sessions_old_has_a_value_and_no_day() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), quotes={"AAPL": quote("110", "100", day="2012-05-16")})
    assert worth_of(row).value == D("990.00")
    assert worth_of(row).day == NotAvailable("the last price is of 2012-05-16")


def test_a_percentage_of_nothing_is_not_available() -> None:
    row = held_row(buy(BEFORE, "10", "0 USD"))
    assert worth_of(row).unrealized_percent == NotAvailable("the cost is not above zero")
    gift = held_row(buy(EARLY, "10", "0 USD"))
    assert day_of(gift).percent == NotAvailable("the value at the reference is not above zero")
    assert day_of(gift).total == D("990.00")


def test_a_split_that_is_booked_before_the_first_quote_of_its_day_is_no_jump() -> None:
    friday = {"AAPL": quote("110", "100", day="2012-05-18")}
    at, bought = moment("2012-05-21 10:00"), buy(BEFORE, "10", "900 USD")
    before = held_row(bought, quotes=friday, at=at)
    after = held_row(bought, split("2012-05-21 04:00", 2, 1), quotes=friday, at=at)
    assert (before.quantity, before.price) == (D(10), D(110))
    assert (after.quantity, after.price) == (D(20), D(55))
    assert (after.worth, after.cost) == (before.worth, before.cost)


def test_after_the_first_quote_of_its_day_price_and_close_are_on_the_new_basis() -> None:
    row = held_row(
        buy(BEFORE, "10", "900 USD"), split("2012-05-21 04:00", 2, 1), quotes={"AAPL": quote("55", "50")}, rates=STEADY
    )
    assert (worth_of(row).value, row.cost) == (D("880.00"), D("720.00"))
    assert parts(row) == {"total": D("80.00"), "price": D("80.00"), "currency": D("0.00")}


def test_a_split_at_the_close_is_in_the_price_of_the_session() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), split("2012-05-21 20:00", 2, 1), at=moment("2012-05-21 21:00"))
    assert (row.quantity, row.price, worth_of(row).value) == (D(20), D(110), D("1980.00"))


def test_what_was_sold_in_the_window_before_a_split_is_counted_on_the_basis_of_the_quote() -> None:
    row = held_row(
        buy(BEFORE, "10", "900 USD"),
        sell("2012-05-18 21:00", "4", "420 USD"),
        split("2012-05-21 04:00", 2, 1),
        quotes={"AAPL": quote("55", "50")},
        rates=STEADY,
    )
    # 12 × (55 − 50) × 0.8, and 420 × 0.8 − 8 × 50 × 0.8.
    assert (row.quantity, parts(row)["total"]) == (D(12), D("64.00"))


def test_what_was_sold_after_a_split_that_the_quote_does_not_know_is_counted_on_its_basis() -> None:
    row = held_row(
        buy(BEFORE, "10", "900 USD"),
        split("2012-05-21 04:00", 2, 1),
        sell("2012-05-21 09:00", "8", "424 USD"),
        quotes={"AAPL": quote("110", "100", day="2012-05-18")},
        at=moment("2012-05-21 10:00"),
    )
    # 12 new units are 6 old ones: 6 × 10 × 0.8; 8 are 4: 424 × 0.8 − 4 × 100 × 0.8.
    assert (row.quantity, parts(row)["total"]) == (D(12), D("67.20"))


def test_sold_today_without_a_price_leaves_no_value_and_no_day() -> None:
    row = held_row(buy(BEFORE, "10", "900 USD"), sell(LATE, "10", "1000 USD"), quotes={})
    assert worth_of(row).value == 0
    assert worth_of(row).day == NotAvailable("no previous close is known")


def test_income_of_today_counts_even_where_there_is_no_price_and_nothing_is_held() -> None:
    assert parts(held_row(dividend(LATE, "20 USD"), quotes={}))["income"] == D("18.00")


@given(ledger=ledgers(min_size=3), ratio=st.sampled_from([(2, 1), (3, 1), (7, 1), (5, 2)]), hours=st.integers(0, 400))
def test_a_split_keeps_value_cost_and_day(ledger: GeneratedLedger, ratio: tuple[int, int], hours: int) -> None:
    at = max(ledger.end, moment("2012-05-14 10:00")) + hours * (moment("2012-05-14 11:00") - moment("2012-05-14 10:00"))
    quotes, rates, known = quotes_at(ledger.seed, at), ledger.rates, generated_book(ledger)
    # Between two sessions, later than every quote: as the beginning of an ex-date is.
    session = calendar_of(APPLE).current_session(at)
    at = max(at, session.closes_at) + (session.closes_at - session.opens_at) / 26
    splits = tuple(
        Split(
            id=TransactionId(f"split {symbol} {account}"),
            account=account,
            at=at,
            sequence=10**6 + number,
            symbol=symbol,
            new=ratio[0],
            old=ratio[1],
        )
        for number, symbol in enumerate(INSTRUMENTS)
        for account in ACCOUNTS
    )
    before = LivePortfolio(known, calendar_of=calendar_of)
    after = LivePortfolio(replace(known, transactions=(*known.transactions, *splits)), calendar_of=calendar_of)
    shown = before.value(quote_of=quotes.get, quality_of=fresh, rates=rates, at=at)
    halved = after.value(quote_of=quotes.get, quality_of=fresh, rates=rates, at=at)
    assert [(row.key, row.cost, row.worth) for row in halved.rows] == [
        (row.key, row.cost, row.worth) for row in shown.rows
    ]
    assert halved.totals == shown.totals


def test_what_a_spin_off_brought_in_the_window_gained_all_that_it_is_worth() -> None:
    transactions = buy(BEFORE, "10", "900 USD"), spin_off(EARLY, 1, 2, "0.2")
    quotes = {"AAPL": quote("80", "100"), "NEWCO": quote("44", symbol="NEWCO")}
    found = valued(*transactions, quotes=quotes)
    parent, child = (row_of(found, f"h:broker:{symbol}") for symbol in ("AAPL", "NEWCO"))
    assert parts(parent) == {"total": D("-80.00"), "price": D("-180.00"), "currency": D("100.00")}
    assert parts(child) == {"total": D("198.00"), "price": D("198.00"), "currency": D("0.00")}


def test_what_a_spin_off_brought_and_was_sold_in_the_window_gained_what_it_brought() -> None:
    transactions = (
        buy(BEFORE, "10", "900 USD"),
        spin_off(EARLY, 1, 2, "0.2"),
        sell(LATE, "3", "120 USD", symbol=NEWCO),
    )
    found = valued(*transactions, quotes={**MONDAY, "NEWCO": quote("44", symbol="NEWCO")})
    # 120 × 0.9 of the three, and 2 × 44 × 0.9 of the others.
    assert parts(row_of(found, "h:broker:NEWCO")) == {
        "total": D("187.20"),
        "price": D("79.20"),
        "trading": D("108.00"),
        "currency": D("0.00"),
    }


def test_what_came_back_of_units_that_were_bought_in_the_window_counts() -> None:
    row = held_row(buy(EARLY, "10", "1050 USD"), return_of_capital(LATE, "50 USD"), rates=STEADY)
    assert parts(row)["total"] == D("80.00")
