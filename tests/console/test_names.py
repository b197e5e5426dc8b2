"""How a portfolio and an account are named at the console."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.services.ledger_entries import book, person
from tickfolio.console.names import account_named, one_named, portfolio_named
from tickfolio.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    name: str


THINGS = [Thing("1a", "first"), Thing("2b", "second"), Thing("3c", "second"), Thing("4d", "1a")]


def test_an_id_goes_before_a_name() -> None:
    assert one_named("1a", THINGS, what="a thing").id == "1a"
    assert one_named("2B", THINGS, what="a thing").id == "2b"
    assert one_named("first", THINGS, what="a thing").id == "1a"


def test_a_name_of_several_asks_for_the_id_and_lists_them() -> None:
    with pytest.raises(
        InvalidValue, match=r"^Expected the id or the name of a thing, found 2 named 'second'\. Give .*: 2b, 3c\.$"
    ):
        one_named("second", THINGS, what="a thing")


def test_what_is_not_there_is_said_with_what_is() -> None:
    many = [Thing(str(number), f"no {number}") for number in range(12)]
    with pytest.raises(InvalidValue, match=r"of a thing, was 'none'\. There are 'no 0', .*'no 9' and 2 more\.$"):
        one_named("none", many, what="a thing")
    with pytest.raises(InvalidValue, match=r"was 'none'\. There is none yet\.$"):
        one_named("none", [], what="a thing")


@pytest.mark.django_db
def test_a_portfolio_and_its_account_are_found_by_both() -> None:
    mine = book(person("alice"))
    portfolio = portfolio_named("Long term")
    assert portfolio.id == mine.portfolio_id == portfolio_named(mine.portfolio_id.upper()).id
    assert account_named("Broker", portfolio) == account_named(mine.account_id, portfolio) == mine.account_id
