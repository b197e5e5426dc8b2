"""Where the bounds are of what is applied, and what is told of each fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    NEWCO,
    buy,
    dividend,
    moment,
    money,
    sell,
    split,
    transfer_out,
)
from tests.domain.ledger.test_applied_actions import (
    BONUS,
    DIVIDEND,
    EX,
    EXCHANGE,
    HELD,
    MERGER,
    RENAMING,
    REPAYMENT,
    RULES,
    SPIN_OFF,
    SPLIT,
    USD,
    D,
    applied,
    begins_at,
    outcomes,
)
from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import ActionFact, CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome, action_outcomes
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.domain.ledger.transactions import Dividend, Merger, Transaction

BEGINS = moment("2012-05-21 04:00")
SECOND = timedelta(seconds=1)


def outcome_of(booked: Transaction, action: CorporateAction) -> Outcome:
    (found,) = outcomes([buy("2012-05-01", "10", "1000 USD"), booked], action)
    return found.outcome


def test_facts_of_one_day_are_applied_in_the_order_in_which_they_were_recorded() -> None:
    known = [ActionFact(2, DIVIDEND), ActionFact(1, SPLIT)]
    found = action_outcomes([HELD], known, rules=RULES, begins_at=begins_at)
    assert [(each.fact.id, each.units) for each in found] == [(1, D(10)), (2, D(20))]


def test_what_is_derived_has_a_name_and_a_place_of_its_own() -> None:
    found = outcomes([HELD, transfer_out("2012-05-15", "4")], SPLIT, BONUS)
    booked = [each.booking for each in found if each.booking is not None]
    assert [each.id for each in booked] == ["action:1:broker", "action:1:bank", "action:2:broker", "action:2:bank"]
    assert [each.sequence + 2**60 for each in booked] == [4096, 4097, 8192, 8193]


def test_what_is_booked_at_the_beginning_of_the_ex_date_is_after_it() -> None:
    assert outcomes([buy("2012-05-21 04:00", "10", "1000 USD")], SPLIT) == []
    assert len(outcomes([buy("2012-05-21 03:59", "10", "1000 USD")], SPLIT)) == 1


def test_a_change_is_the_same_within_a_week_of_its_ex_date() -> None:
    own = split("2012-05-21", 2, 1)
    for days in (timedelta(days=7), timedelta(days=-7)):
        assert outcome_of(replace(own, at=BEGINS + days), SPLIT) is Outcome.OWN
        beyond = days + (SECOND if days > timedelta(0) else -SECOND)
        assert outcome_of(replace(own, at=BEGINS + beyond), SPLIT) is Outcome.APPLIED


def test_a_change_is_the_same_as_the_nearest_fact() -> None:
    nearer = facts.Split(AAPL, date(2012, 5, 23), new=2, old=1)
    found = outcomes([HELD, split("2012-05-25", 2, 1)], SPLIT, nearer)
    assert [each.outcome for each in found] == [Outcome.APPLIED, Outcome.OWN]


def test_a_payment_is_the_same_from_a_day_before_the_ex_date_to_ninety_days_after_it() -> None:
    paid = dividend("2012-05-21", "2.60 USD")
    for after, outcome in (
        (timedelta(days=-1) - SECOND, Outcome.APPLIED),
        (timedelta(days=-1), Outcome.OWN),
        (timedelta(days=90), Outcome.OWN),
        (timedelta(days=90) + SECOND, Outcome.APPLIED),
    ):
        assert outcome_of(replace(paid, at=BEGINS + after), DIVIDEND) is outcome


def test_a_payment_with_an_ex_date_is_of_the_fact_that_is_nearest_to_that() -> None:
    paid = dividend("2012-08-20", "2.60 USD", ex="2012-05-28 04:00")
    assert outcome_of(paid, DIVIDEND) is Outcome.OWN
    assert outcome_of(replace(paid, accrues_at=BEGINS + timedelta(days=8)), DIVIDEND) is Outcome.APPLIED


def test_of_several_bookings_of_one_fact_the_last_one_is_told() -> None:
    first, last = split("2012-05-22", 2, 1), split("2012-05-23", 2, 1)
    (found,) = outcomes([HELD, last, first], SPLIT)
    assert found.booking == last


def test_a_booking_is_the_same_in_its_own_account_and_for_its_own_instrument_alone() -> None:
    found = outcomes([HELD, transfer_out("2012-05-15", "4"), split("2012-05-22", 2, 1)], SPLIT)
    assert {each.account: each.outcome for each in found} == {BROKER: Outcome.OWN, BANK: Outcome.APPLIED}
    assert outcome_of(split("2012-05-22", 2, 1, symbol=NEWCO), SPLIT) is Outcome.APPLIED


def test_what_is_sold_short_is_split_and_renamed_and_nothing_else() -> None:
    short = sell("2012-05-14", "10", "1000 USD")
    every = (SPLIT, RENAMING, BONUS, SPIN_OFF, EXCHANGE, MERGER, REPAYMENT)
    found = [outcomes([short], action)[0] for action in every]
    assert {each.units for each in found} == {D(-10)}
    assert [each.outcome for each in found[:2]] == [Outcome.APPLIED, Outcome.APPLIED]
    assert [each.reason for each in found[2:]] == ["AAPL is sold short"] * 5


def test_new_units_of_less_than_eighteen_places_are_nothing() -> None:
    speck = buy("2012-05-14", "0.000000000000000001", "1 USD")
    for action in (facts.Demerger(AAPL, EX, NEWCO, 1, 4, D("0.2")), facts.Takeover(AAPL, EX, NEWCO, 1, 4)):
        (found,) = outcomes([speck], action)
        assert found.reason == "it would leave nothing"


def test_an_instrument_that_is_held_the_same_way_round_is_no_obstacle() -> None:
    there = buy("2012-05-14", "1", "100 USD", symbol=NEWCO)
    for action in (RENAMING, EXCHANGE, SPIN_OFF):
        (found,) = outcomes([HELD, there], action)
        assert found.outcome is Outcome.APPLIED
    short = sell("2012-05-14", "1", "100 USD", symbol=NEWCO)
    for action in (RENAMING, EXCHANGE, SPIN_OFF):
        (found,) = outcomes([HELD, short], action)
        assert found.reason == "NEWCO is held the other way round"


def test_of_several_other_currencies_the_first_by_name_is_told() -> None:
    elsewhere = buy("2012-05-14", "1", "1 CHF", symbol=NEWCO)
    assert outcomes([HELD, elsewhere], REPAYMENT)[0].outcome is Outcome.APPLIED
    bought = [buy("2012-05-14", "1", f"1 {code}") for code in ("GBP", "EUR", "USD")]
    assert outcomes(bought, REPAYMENT)[0].reason == "AAPL was bought in EUR, and this pays USD"


def test_only_what_was_left_out_is_left_out() -> None:
    there = buy("2012-05-14", "10", "1000 USD", symbol=NEWCO)
    for excluded in ((BROKER, NEWCO), (BANK, AAPL)):
        (found,) = outcomes([HELD, there], SPLIT, excluded=frozenset({excluded}))
        assert found.outcome is Outcome.APPLIED


def test_a_share_of_the_cost_goes_with_the_cash_of_a_merger() -> None:
    with_share = facts.Takeover(AAPL, EX, NEWCO, 1, 2, D("3.50"), USD, D("0.25"))
    booked = applied(HELD, by=with_share)
    assert isinstance(booked, Merger)
    assert (booked.new, booked.old, booked.cost_share) == (1, 2, D("0.25"))
    without = applied(HELD, by=facts.Takeover(AAPL, EX, NEWCO, 1, 2, cost_share=D("0.25")))
    assert isinstance(without, Merger)
    assert (without.cash, without.cost_share) == (None, None)


def test_a_dividend_that_is_paid_on_its_ex_date_was_never_a_receivable() -> None:
    booked = applied(HELD, by=facts.CashDividend(AAPL, EX, D("0.26"), USD, pay_date=EX))
    assert isinstance(booked, Dividend)
    assert (booked.accrues_at, booked.at) == (None, BEGINS)
    assert booked.withholding_tax == money("0 USD")


def test_of_two_dividends_of_one_day_a_payment_is_the_one_that_was_recorded_first() -> None:
    special = facts.CashDividend(AAPL, EX, D(1), USD)
    found = outcomes([HELD, dividend("2012-06-14", "2.60 USD")], DIVIDEND, special)
    assert [each.outcome for each in found] == [Outcome.OWN, Outcome.APPLIED]


def test_units_of_an_own_booking_count_once() -> None:
    later = facts.CashDividend(AAPL, date(2012, 8, 9), D("0.25"), USD)
    found = outcomes([HELD, split("2012-05-22", 2, 1)], SPLIT, later)
    assert [each.units for each in found] == [D(10), D(20)]


def test_what_is_told_names_the_fact_the_account_and_its_units() -> None:
    fact, own = ActionFact(1, SPLIT), split("2012-05-22", 2, 1)
    assert outcomes([HELD, own], SPLIT) == [ActionOutcome(fact, BROKER, D(10), Outcome.OWN, own)]
    unwanted = outcomes([HELD], SPLIT, rules={BROKER: ActionRule.NONE})
    assert unwanted == [ActionOutcome(fact, BROKER, D(10), Outcome.NOT_WANTED)]
    (by_hand,) = outcomes([HELD], SPLIT, excluded=frozenset({(BROKER, AAPL)}))
    assert (by_hand.fact, by_hand.account, by_hand.units) == (fact, BROKER, D(10))
