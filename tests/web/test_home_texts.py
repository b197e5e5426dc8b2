from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.web.held_page import looking, valuation
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Totals
from tickfolio.persistence.tenancy import Role
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.home_texts import MOST_CONCERNS, HeldValuation, HomeText, home_text

LONG_AGO = datetime(2009, 1, 1, tzinfo=UTC)


def held(name: str, **columns: Any) -> HeldValuation:
    """A portfolio of that name with the rows of the example."""
    view = PortfolioView(
        id=name, name=name, base_currency="EUR", role=Role.OWNER, head=1, created_at=LONG_AGO, accounts=()
    )
    whole = valuation()
    totals: Totals = whole.totals.but(**columns)
    return HeldValuation(view, replace(whole, totals=totals))


def home(*portfolios: HeldValuation) -> HomeText:
    return home_text(portfolios, looking={each.portfolio.id: looking() for each in portfolios})


def test_a_portfolio_is_added_up_in_the_currency_of_home_and_stands_in_its_own() -> None:
    one, two = held("One"), held("Two", currency=Currency("USD"), value=Decimal("10.00"))
    text = home(one, replace(two, home=held("Two", value=Decimal("0.68"), day=Decimal("1.00")).valuation))
    assert [(worth.currency, worth.whole) for worth in text.worths] == [("EUR", "65,075")]
    first, second = text.entries
    assert (first.home_value, first.home_currency, first.home_day.text) == ("", "", "")
    assert (second.value, second.currency) == ("10.00", "USD")
    assert (second.home_value, second.home_currency, second.home_day.text) == ("0.68", "EUR", "+1.00")
    assert {effect.currency for mover in text.movers for effect in mover.effects} == {"EUR"}


def test_where_a_rate_is_missing_there_is_no_sum_and_the_portfolio_is_named() -> None:
    two = held("Two", currency=Currency("USD"), value=Decimal("10.00"))
    text = home(held("One"), replace(two, home=held("Two", unpriced=two.valuation.totals.unpriced + 1).valuation))
    (worth,) = text.worths
    assert (worth.whole, worth.day.text, worth.day_percent.text, worth.unrealized.text) == ("—", "—", "—", "—")
    assert worth.coverage == "no exchange rate into EUR for Two"
    assert text.entries[1].home_value == "—"
    assert text.together is not None
    assert (text.together.totals.day.text, text.together.slices) == ("—", ())


def test_portfolios_of_one_currency_are_summed_and_another_stands_apart() -> None:
    text = home(held("One"), held("Two", value=Decimal("0.68")), held("Three", currency=Currency("USD")))
    assert [(worth.currency, worth.counted, worth.whole, worth.minor) for worth in text.worths] == [
        ("EUR", "2 portfolios", "65,075", ".00"),
        ("USD", "1 portfolio", "65,074", ".32"),
    ]
    assert text.worths[0].day_percent.text == "+2.14 %"
    assert text.worths[0].coverage == "12 of 14 priced, 2 stale"


def test_a_portfolio_without_any_price_is_in_no_sum() -> None:
    nothing = held("Nothing", priced=0, unpriced=2, value=Decimal("0.00"))
    text = home(nothing)
    assert (text.worths[0].whole, text.worths[0].day.text, text.entries[0].value) == ("—", "—", "—")
    assert home(nothing, held("One")).worths[0].whole == "65,074"


def test_a_sum_of_gains_is_of_what_has_a_cost_and_never_0_where_none_is_known() -> None:
    unknown, empty = held("Unknown", without_cost=6), held("Empty", priced=0, unpriced=0, unrealized=Decimal("0.00"))
    alone = home(unknown, empty)
    assert (alone.worths[0].unrealized.text, alone.worths[0].unrealized_percent.text) == ("—", "—")
    assert [entry.unrealized.text for entry in alone.entries] == ["—", "0.00"]
    assert alone.worths[0].coverage == "6 of 7 priced, 2 stale, 6 without cost"
    both = home(unknown, held("One"), empty)
    assert (both.worths[0].unrealized.text, both.worths[0].unrealized_percent.text) == ("+23,583.88", "+109.50 %")
    assert home(empty).worths[0].unrealized.text == "0.00"


def test_movers_are_the_largest_changes_each_once_with_the_effect_in_each_currency() -> None:
    movers = home(held("One"), held("Two"), held("Three", currency=Currency("USD"))).movers
    assert [(mover.symbol, mover.change.text) for mover in movers] == [
        ("AAPL", "+5.10 %"),
        ("MSFT", "+0.50 %"),
        ("IBM", "+0.44 %"),
        ("GOOG", "0.00 %"),
        ("ORCL", "0.00 %"),
        ("SIE", "−0.73 %"),
    ]
    effects = [(effect.figure.text, effect.currency) for effect in movers[0].effects]
    assert effects == [("+2,560.20", "EUR"), ("+1,280.10", "USD")]


def test_what_has_no_value_stands_before_what_has_an_old_price_each_once() -> None:
    text = home(held("One"), held("Two"))
    assert [(concern.what, concern.why) for concern in text.concerns] == [
        ("HLX.R has no value", "no price of HLX.R is known"),
        ("The price of SIE is old", "Siemens"),
    ]
    assert (text.concern_count, text.more_concerns) == (2, "")


def test_all_that_needs_attention_is_counted_and_it_is_told_how_many_are_not_listed() -> None:
    whole = held("One")
    (lacking,) = (row for row in whole.valuation.rows if row.symbol == "HLX.R")
    rows = tuple(lacking.but(symbol=Symbol(f"S{number}")) for number in range(7))
    text = home(replace(whole, valuation=replace(whole.valuation, rows=rows)))
    assert (text.concern_count, len(text.concerns), text.more_concerns) == (7, MOST_CONCERNS, "and 1 more")


def test_price_currency_and_the_other_parts_are_the_whole_day() -> None:
    parts = {
        "price": "-4.75",
        "trading": "9.50",
        "currency": "0.00",
        "income": "1.00",
        "fees": "-1.50",
        "taxes": "-0.50",
    }
    (entry,) = home(held("One", day=Decimal("3.75"), **{f"day_{k}": Decimal(v) for k, v in parts.items()})).entries
    shown = [each.text for each in (entry.day, entry.day_price, entry.day_currency, entry.day_other)]
    assert shown == ["+3.75", "−4.75", "0.00", "+8.50"]


def test_the_mark_of_a_portfolio_is_the_worst_that_stands_behind_its_value() -> None:
    entries = home(held("A"), held("B", unpriced=0), held("C", unpriced=0, stale=0)).entries
    assert [entry.quality for entry in entries] == ["unpriced", "stale", "closed"]
