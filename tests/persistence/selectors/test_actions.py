"""Which version of which source stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, REAL_NOW
from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.persistence.selectors.actions import OPERATOR, recorded_actions, standing_actions
from tickfolio.services.corporate_actions import actions_record, actions_withdraw
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
USD = Currency("USD")


@pytest.fixture(autouse=True)
def instruments() -> None:
    instruments_register(instruments=[Instrument(each, each, "XNAS", USD) for each in (AAPL, IBM)])


def dividend(amount: str, *, day: int = 21, symbol: Symbol = AAPL) -> CashDividend:
    return CashDividend(symbol, date(2012, 5, day), Decimal(amount), USD)


def record(*actions: CorporateAction, source: str = "replay") -> None:
    actions_record(actions=actions, source=source, at=REAL_NOW)


def standing(*symbols: Symbol) -> list[CorporateAction]:
    return [fact.action for fact in standing_actions(symbols or (AAPL,))]


def test_the_newest_version_stands(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record(dividend("0.10"))
    record(dividend("0.20"))
    with django_assert_num_queries(2):
        assert standing() == [dividend("0.2")]


def test_of_two_feeds_the_one_that_knew_first_stands_and_the_operator_before_both() -> None:
    record(dividend("0.10"), source="one")
    record(dividend("0.20"), source="two")
    assert standing() == [dividend("0.1")]
    record(dividend("0.30"), source=OPERATOR)
    assert standing() == [dividend("0.3")]
    record(dividend("0.40"), source="one")
    assert standing() == [dividend("0.3")]


def test_what_the_operator_withdrew_stands_for_nobody() -> None:
    record(dividend("0.10"))
    actions_withdraw(actions=[dividend("0.10")], at=REAL_NOW)
    assert standing() == []
    assert [(each.source, each.is_withdrawn) for each in recorded_actions()] == [("replay", False), (OPERATOR, True)]


def test_other_days_kinds_and_instruments_are_facts_of_their_own() -> None:
    split = Split(AAPL, date(2012, 5, 21), 2, 1)
    record(dividend("0.10", day=22), dividend("0.10"), split, dividend("0.10", symbol=IBM))
    assert standing(AAPL) == [dividend("0.1"), split, dividend("0.1", day=22)]
    assert standing(IBM) == [dividend("0.1", symbol=IBM)]
    assert standing(AAPL, IBM)[-1] == dividend("0.1", day=22)
    assert len(recorded_actions((IBM,))) == 1


def test_two_feeds_that_are_a_day_apart_tell_of_one_action() -> None:
    record(dividend("0.10", day=22), source="one")
    record(dividend("0.10"), dividend("0.10", day=24), source="two")
    assert standing() == [dividend("0.1", day=22), dividend("0.1", day=24)]
    record(dividend("0.30"), source=OPERATOR)
    assert standing() == [dividend("0.3"), dividend("0.1", day=24)]


def test_one_feed_may_tell_of_two_days_in_a_row_and_another_confirm_them() -> None:
    record(dividend("0.10"), dividend("0.20", day=22), source="one")
    record(dividend("0.20", day=22), dividend("0.10"), source="two")
    assert standing() == [dividend("0.1"), dividend("0.2", day=22)]


def test_a_feed_with_both_days_is_believed_of_the_one_that_another_lacks() -> None:
    record(dividend("0.10"), source="one")
    record(dividend("0.10"), dividend("0.20", day=22), source="two")
    assert standing() == [dividend("0.1"), dividend("0.2", day=22)]


def test_a_day_that_was_withdrawn_takes_no_other_day_with_it() -> None:
    record(dividend("0.10"), source="one")
    record(dividend("0.10", day=22), source="two")
    actions_withdraw(actions=[dividend("0.10")], at=REAL_NOW)
    assert standing() == [dividend("0.1", day=22)]
