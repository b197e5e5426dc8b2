"""Which trades bring a portfolio nearer to its targets, with the cash that there is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.valuation.rebalancing import Line, Part, Plan, Wish, rebalanced
from tickfolio.errors import InvalidValue

STOCKS, BONDS, CASH = "equity", "bond", "cash"


def line(key: str, part: str, quantity: str, unit: str, step: str = "1") -> Line:
    value = (Decimal(quantity) * Decimal(unit)).quantize(Decimal("0.01"))
    return Line(key, part, Decimal(quantity), value, Decimal(unit), Decimal(step))


def parts(stocks: str | None = "60", bonds: str | None = "40", *, cash: str = "0") -> list[Part]:
    """60 % shares, 40 % bonds, and cash without a target, unless said otherwise."""
    wanted = {STOCKS: stocks, BONDS: bonds}
    found = [Part(key, None if target is None else Decimal(target)) for key, target in wanted.items()]
    return [*found, Part(CASH, cash=Decimal(cash))]


def wish(invest: str = "0", withdraw: str = "0", *, sells: bool = False, minimum: str = "0") -> Wish:
    return Wish(Decimal(invest), Decimal(withdraw), sells, Decimal(minimum), CASH)


def plan(of: list[Part], lines: list[Line], wanted: Wish) -> Plan:
    return rebalanced(of, lines, wanted, places=2)


def trades(found: Plan) -> dict[str, tuple[str, str]]:
    return {each.key: (f"{each.quantity:f}", f"{each.amount:f}") for each in found.trades}


def afters(found: Plan) -> dict[str, str]:
    return {each.key: f"{each.after:f}" for each in found.parts}


HELD = [line("AAPL", STOCKS, "10", "50.00"), line("BUND", BONDS, "5", "100.00")]
"""500.00 each."""


def test_cash_buys_what_is_below_its_target() -> None:
    found = plan(parts(cash="250.00"), HELD, wish("250.00"))
    assert trades(found) == {"AAPL": ("5", "250.00")}
    assert (found.whole, found.cash, found.paid_in) == (Decimal("1250.00"), Decimal("0.00"), Decimal(0))
    assert afters(found) == {STOCKS: "750.00", BONDS: "500.00", CASH: "0.00"}
    assert [part.target for part in found.parts] == [Decimal("750.00"), Decimal("500.00"), None]


def test_what_cannot_be_paid_is_bought_in_proportion() -> None:
    lines = [line("AAPL", STOCKS, "1", "1.00"), line("BUND", BONDS, "1", "1.00"), line("OLD", "rest", "1", "998.00")]
    found = plan([*parts("60", "30", cash="90.00"), Part("rest")], lines, wish("90.00"))
    assert trades(found) == {"AAPL": ("60", "60.00"), "BUND": ("30", "30.00")}


def test_money_that_the_portfolio_does_not_have_is_paid_in_first() -> None:
    found = plan(parts(cash="50.00"), HELD, wish("250.00"))
    assert (found.paid_in, found.whole, found.cash) == (Decimal("200.00"), Decimal("1250.00"), Decimal("0.00"))


def test_cash_that_is_not_to_be_invested_stays() -> None:
    found = plan(parts("50", "40", cash="300.00"), HELD, wish("100.00"))
    assert trades(found) == {"AAPL": ("2", "100.00")}
    assert found.cash == Decimal("200.00")


def test_buying_alone_sells_nothing_however_far_off_a_part_is() -> None:
    assert trades(plan(parts("10", "90"), HELD, wish())) == {}


def test_buying_and_selling_moves_from_one_part_to_the_other() -> None:
    found = plan(parts("60", "40"), HELD, wish(sells=True))
    assert trades(found) == {"BUND": ("-1", "-100.00"), "AAPL": ("2", "100.00")}
    assert afters(found) == {STOCKS: "600.00", BONDS: "400.00", CASH: "0.00"}


def test_a_part_without_a_target_is_left_alone_and_one_with_zero_is_sold_to_the_last_unit() -> None:
    lines = [line("AAPL", STOCKS, "10.5", "50.00"), HELD[1]]
    found = plan(parts("0", None), lines, wish(sells=True))
    assert trades(found) == {"AAPL": ("-10.5", "-525.00")}
    assert afters(found) == {STOCKS: "0.00", BONDS: "500.00", CASH: "525.00"}


def test_within_a_part_holdings_are_traded_in_proportion_to_their_values() -> None:
    lines = [line("A", STOCKS, "30", "10.00"), line("B", STOCKS, "10", "10.00"), line("BUND", BONDS, "6", "100.00")]
    found = plan(parts("60", "40", cash="200.00"), lines, wish("200.00"))
    assert trades(found) == {"A": ("15", "150.00"), "B": ("5", "50.00")}
    sold = plan(parts("20", "80"), lines, wish(sells=True))
    assert trades(sold) == {"BUND": ("2", "200.00"), "A": ("-15", "-150.00"), "B": ("-5", "-50.00")}


def test_whole_units_are_rounded_to_what_comes_nearest_and_is_paid_for() -> None:
    lines = [line("A", STOCKS, "10", "30.00"), line("BUND", BONDS, "1", "700.00")]
    # 300.00 are missing less 10.00: 9 units and not 10 are paid for.
    found = plan(parts("60", None, cash="290.00"), lines, wish("290.00"))
    assert trades(found) == {"A": ("9", "270.00")}
    assert found.cash == Decimal("20.00")
    # 619.00 should be there of 2,000.00: 10 units and a half are missing, and one more would be 1.00 nearer.
    assert trades(plan(parts("30.8", None, cash="1000.00"), lines, wish("1000.00"))) == {"A": ("11", "330.00")}
    assert trades(plan(parts("30.7", None, cash="1000.00"), lines, wish("1000.00"))) == {"A": ("10", "300.00")}


def test_fractions_are_bought_where_they_can_be() -> None:
    lines = [line("COIN", STOCKS, "0.5", "1000.00", "0.00000001"), line("BUND", BONDS, "5", "100.00")]
    found = plan(parts("60", "40", cash="33.33"), lines, wish("33.33"))
    assert trades(found) == {"COIN": ("0.03333000", "33.33")}


def test_no_trade_is_smaller_than_the_minimum_and_few_holdings_make_it_up() -> None:
    lines = [line("A", STOCKS, "45", "10.00"), line("B", STOCKS, "5", "10.00"), HELD[1]]
    found = plan(parts(cash="250.00"), lines, wish("250.00", minimum="100.00"))
    assert trades(found) == {"A": ("25", "250.00")}
    assert trades(plan(parts(cash="90.00"), lines, wish("90.00", minimum="100.00"))) == {}
    assert trades(plan(parts("59", "41"), lines, wish(sells=True, minimum="100.00"))) == {}


def test_a_sale_below_the_minimum_is_left_out_though_the_part_is_far_off() -> None:
    lines = [line("A", STOCKS, "1", "80.00"), line("BUND", BONDS, "1", "20.00")]
    assert trades(plan(parts("30", "70"), lines, wish(sells=True, minimum="50.00"))) == {"A": ("-1", "-80.00")}
    lines = [line("A", STOCKS, "2", "40.00"), line("BUND", BONDS, "1", "20.00")]
    assert trades(plan(parts("25", "75"), lines, wish(sells=True, minimum="55.00"))) == {}


def test_selling_concentrates_on_few_holdings_no_further_than_they_are_worth() -> None:
    lines = [line("A", STOCKS, "6", "10.00"), line("B", STOCKS, "4", "10.00")]
    found = plan(parts("0", None), lines, wish(sells=True, minimum="50.00"))
    assert trades(found) == {"A": ("-6", "-60.00")}


def test_what_is_withdrawn_comes_from_cash_and_then_from_what_is_above_its_target() -> None:
    assert trades(plan(parts(cash="250.00"), HELD, wish(withdraw="200.00"))) == {}
    found = plan(parts("75", "25", cash="50.00"), HELD, wish(withdraw="180.00"))
    assert trades(found) == {"BUND": ("-2", "-200.00")}
    assert (found.cash, found.whole) == (Decimal("70.00"), Decimal("870.00"))


def test_where_nothing_is_above_its_target_all_are_sold_in_proportion() -> None:
    found = plan(parts(None, None), HELD, wish(withdraw="400.00"))
    assert trades(found) == {"AAPL": ("-4", "-200.00"), "BUND": ("-2", "-200.00")}


def test_everything_can_be_withdrawn_but_one_coin_and_more_is_refused() -> None:
    lines = [*HELD]
    found = plan([*parts(cash="0.01"), Part("due", fixed=Decimal("5.00"))], lines, wish(withdraw="1000.01"))
    assert {each.quantity for each in found.trades} == {Decimal(-10), Decimal(-5)}
    assert found.cash == 0
    with pytest.raises(InvalidValue, match=r"at most 1000\.01 to take out"):
        plan([*parts(cash="0.01"), Part("due", fixed=Decimal("5.00"))], lines, wish(withdraw="1000.02"))
    with pytest.raises(InvalidValue, match="worth more than zero"):
        plan(parts(), lines, wish(withdraw="1000.00"))


def test_after_a_withdrawal_what_is_left_may_be_balanced_too() -> None:
    found = plan(parts("80", "20"), HELD, wish(withdraw="100.00", sells=True))
    assert trades(found) == {"BUND": ("-4", "-400.00"), "AAPL": ("4", "200.00")}
    assert (found.cash, found.whole) == (Decimal("100.00"), Decimal("900.00"))


def test_a_part_of_which_nothing_is_held_is_told_and_its_cash_is_kept() -> None:
    found = plan(parts("50", "50", cash="500.00"), HELD[:1], wish("500.00"))
    assert trades(found) == {}
    assert {part.key: part.unplaced for part in found.parts} == {
        STOCKS: Decimal(0),
        BONDS: Decimal("500.00"),
        CASH: Decimal(0),
    }
    assert found.cash == Decimal("500.00")


def test_cash_that_has_a_target_of_its_own_is_kept() -> None:
    of = [Part(STOCKS, Decimal(90)), Part(CASH, Decimal(10), cash=Decimal("500.00"))]
    found = plan(of, HELD[:1], wish("500.00"))
    assert trades(found) == {"AAPL": ("8", "400.00")}
    assert (found.cash, found.parts[1].unplaced) == (Decimal("100.00"), Decimal(0))


def test_cash_of_several_currencies_is_used_in_proportion_and_an_overdraft_is_left_alone() -> None:
    of = [Part("EUR", None, Decimal("300.00")), Part("USD", Decimal(100), Decimal("100.00"))]
    of.append(Part("GBP", None, Decimal("-100.00")))
    wanted = Wish(Decimal("300.00"), cash_part="EUR")
    found = rebalanced(of, [line("AAPL", "USD", "1", "25.00")], wanted, places=2)
    assert trades(found) == {"AAPL": ("11", "275.00")}
    assert afters(found) == {"EUR": "93.75", "USD": "331.25", "GBP": "-100.00"}


def test_an_overdraft_is_not_what_is_invested() -> None:
    found = plan(parts(cash="-100.00"), HELD, wish("60.00"))
    assert (found.paid_in, found.cash) == (Decimal("60.00"), Decimal("-90.00"))
    assert trades(found) == {"AAPL": ("1", "50.00")}


def test_short_holdings_count_and_are_not_traded() -> None:
    of = [Part(STOCKS, Decimal(50), fixed=Decimal("-200.00")), Part(BONDS, Decimal(50)), Part(CASH)]
    found = plan(of, HELD, wish(sells=True))
    assert trades(found) == {"BUND": ("-1", "-100.00"), "AAPL": ("2", "100.00")}


def test_nothing_below_zero_is_taken() -> None:
    with pytest.raises(InvalidValue, match="none below zero"):
        wish("-1")
    with pytest.raises(InvalidValue, match="to invest or one to withdraw"):
        wish("1", "1")
    with pytest.raises(InvalidValue, match="a holding of A"):
        line("A", STOCKS, "0", "1")


# ---------- Laws ----------

UNITS = st.decimals(min_value="0.01", max_value=5000, places=4).filter(lambda unit: unit > 0)
STEPS = st.sampled_from([Decimal(1), Decimal("0.0001")])


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[list[Part], list[Line], Decimal]:
    """Up to five parts with targets that sum to at most a hundred, and their holdings."""
    left, made = Decimal(100), []
    for number in range(draw(st.integers(1, 5))):
        target = draw(st.none() | st.decimals(min_value=0, max_value=left, places=1))
        left -= target or Decimal(0)
        made.append(Part(f"p{number}", target))
    cash = draw(st.decimals(min_value=-500, max_value=20_000, places=2))
    lines = []
    for number in range(draw(st.integers(1, 8))):
        unit, step = draw(UNITS), draw(STEPS)
        quantity = draw(st.integers(1, 400)) * step
        value = (quantity * unit).quantize(Decimal("0.01"))
        if value > 0:
            part = draw(st.sampled_from(made)).key
            lines.append(Line(f"l{number}", part, quantity, value, unit, step))
    return [*made, Part(CASH, cash=cash)], lines, cash


MONEY = st.decimals(min_value=0, max_value=30_000, places=2)
MINIMUM = st.sampled_from([Decimal(0), Decimal("25.00"), Decimal("500.00")])


@given(portfolios(), MONEY, st.booleans(), st.booleans(), MINIMUM)
def test_law_cash_never_falls_below_zero_and_everything_adds_up(
    of: tuple[list[Part], list[Line], Decimal], money: Decimal, takes: bool, sells: bool, minimum: Decimal
) -> None:
    made, lines, cash = of
    wanted = Wish(Decimal(0) if takes else money, money if takes else Decimal(0), sells, minimum, CASH)
    try:
        found = rebalanced(made, lines, wanted, places=2)
    except InvalidValue:
        return
    held = {each.key: each for each in lines}
    bought = sum((each.amount for each in found.trades), Decimal(0))
    assert found.cash >= min(cash, Decimal(0))
    assert found.cash == cash + found.paid_in - wanted.withdraw - bought
    assert sum(part.after for part in found.parts) == found.whole
    assert sum(part.before for part in found.parts) == cash + sum(each.value for each in lines)
    assert bought <= wanted.invest
    for trade in found.trades:
        of_line = held[trade.key]
        assert (trade.quantity > 0) == (trade.amount > 0)
        assert trade.quantity >= -of_line.quantity
        assert trade.quantity % of_line.step == 0 or trade.quantity == -of_line.quantity
        assert takes or abs(trade.amount) >= minimum
        assert sells or takes or trade.amount > 0


@given(portfolios(), MONEY)
def test_law_buying_and_selling_leaves_no_part_farther_from_its_target(
    of: tuple[list[Part], list[Line], Decimal], money: Decimal
) -> None:
    made, lines, _cash = of
    try:
        found = rebalanced(made, lines, Wish(money, sells=True, cash_part=CASH), places=2)
    except InvalidValue:
        return
    for part in found.parts[:-1]:
        if part.target is None:
            assert part.after == part.before
        else:
            assert abs(part.after - part.target) <= abs(part.before - part.target)


@given(portfolios())
def test_law_with_fractions_and_all_in_targets_what_is_sold_is_within_a_step_of_what_is_above(
    of: tuple[list[Part], list[Line], Decimal],
) -> None:
    made, lines, _cash = of
    try:
        found = rebalanced(made, lines, Wish(sells=True, cash_part=CASH), places=2)
    except InvalidValue:
        return
    widest = max((each.unit * each.step for each in lines), default=Decimal(0))
    for part in found.parts[:-1]:
        over = Decimal(0) if part.target is None else part.after - part.target
        fixed = min((each.quantity * each.unit for each in lines if each.part == part.key), default=Decimal(0))
        assert part.target is None or over <= max(widest, fixed) + 1
