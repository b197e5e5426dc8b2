"""Ghostfolio's JSON; its sample is read in test_detection.py."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.statements.detection import read_statement
from tickfolio.statements.rows import Entry, Refusal, Statement

BUY: dict[str, object] = {
    "accountId": None, "comment": None, "fee": 0, "quantity": 1, "type": "BUY", "unitPrice": 2, "currency": "USD",
    "dataSource": "YAHOO", "date": "2021-09-16T00:00:00.000Z", "symbol": "MSFT",
}  # fmt: skip


def read(*activities: dict[str, object], **described: object) -> Statement:
    """A file with these activities."""
    return read_statement(json.dumps({**described, "activities": list(activities)}).encode())


def first(statement: Statement) -> Entry:
    """The entry of the first row."""
    outcome = statement.rows[0].outcome
    assert isinstance(outcome, Entry)
    return outcome


@given(st.decimals(0, 10**9, places=12))
def test_a_number_is_exactly_the_one_that_is_written(number: Decimal) -> None:
    text = json.dumps({"activities": [{**BUY, "unitPrice": 0}]}).replace('"unitPrice": 0', f'"unitPrice": {number:f}')
    assert first(read_statement(text.encode())).price == number


def test_midnight_in_utc_is_a_day_and_any_other_time_a_moment() -> None:
    assert first(read(BUY)).at == date(2021, 9, 16)
    assert first(read({**BUY, "date": "2021-09-15T22:00:00.000Z"})).at == datetime(2021, 9, 15, 22, tzinfo=UTC)
    assert first(read({**BUY, "date": "2021-09-16"})).at == date(2021, 9, 16)


def test_accounts_of_one_name_stay_apart() -> None:
    accounts = [{"id": f"{key}0000000-x", "name": "Depot", "currency": "EUR"} for key in "ab"]
    statement = read(
        {**BUY, "accountId": "a0000000-x"},
        {**BUY, "accountId": "b0000000-x"},
        {**BUY, "accountId": "unknown"},
        accounts=accounts,
    )
    named = [row.outcome.account for row in statement.rows if isinstance(row.outcome, Entry)]
    assert named == ["Depot", "Depot (b0000000)", "unknown"]
    assert statement.accounts == {"Depot": "EUR", "Depot (b0000000)": "EUR", "unknown": ""}


def test_what_the_file_holds_besides_is_told() -> None:
    statement = read(
        BUY, accounts=[{"id": "a", "balance": 7}, {"id": "b", "balances": [{}, {}]}], tags=[1], platforms=[]
    )
    assert statement.notices == (
        "3 cash balances of accounts are not read: they are no transactions.",
        "Tags are not read.",
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": "INTEREST", "fee": 2}, "Expected interest without a fee, was one of 2."),
        ({"type": "LIABILITY"}, "keeps no liabilities"),
        ({"type": "ITEM"}, "keeps no valuables"),
        ({"type": None}, "Expected BUY, SELL, DIVIDEND, FEE or INTEREST, was ''."),
        ({"quantity": "many"}, "Expected a number"),
        ({"quantity": True}, "Expected a number as quantity, was true."),
        ({"quantity": [1]}, "Expected a number as quantity, was a list."),
        ({"date": 20210916}, None),
        ({"date": "16.9."}, "Expected a date"),
        ({"currency": "US"}, "Expected a currency code"),
        ({"comment": "a\0b"}, "Expected text"),
        ({"comment": 5}, None),
        ({"accountId": "n" * 81}, "Expected an account's name of at most 80 characters"),
    ],
)
def test_a_bad_activity_costs_nothing_but_itself(change: dict[str, object], expected: str | None) -> None:
    bad, good = read({**BUY, **change}, BUY).rows
    assert isinstance(good.outcome, Entry)
    if expected is None:
        assert isinstance(bad.outcome, Entry)
    else:
        assert isinstance(bad.outcome, Refusal)
        assert expected in bad.outcome.reason


def test_profiles_that_are_none_are_passed_over() -> None:
    profiles = [1, {"symbol": 1}, {"symbol": "MSFT", "name": 7, "currency": "dollars"}]
    facts = read(BUY, assetProfiles=profiles).instruments["MSFT"]
    assert (facts.name, facts.currency) == ("", "")
