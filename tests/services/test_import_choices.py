"""What a person decides about a file."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import ImportNotPossible, InvalidValue
from tickfolio.persistence.selectors.portfolios import AccountView, PortfolioView
from tickfolio.persistence.tenancy import Role
from tickfolio.services.import_choices import (
    MOST_ACCOUNTS,
    Choices,
    account_choices,
    checked_symbols,
    choices_from,
    reading_document,
    reading_of,
)
from tickfolio.statements.rows import DayOrder, DividendFee, Format, Reading

PORTFOLIO = str(uuid.UUID(int=1))


def account(name: str, number: int = 2) -> AccountView:
    """An account of the portfolio."""
    return AccountView(str(uuid.UUID(int=number)), PORTFOLIO, name, "USD")


def portfolio(*accounts: AccountView) -> PortfolioView:
    """A portfolio in euros with these accounts."""
    return PortfolioView(PORTFOLIO, "Long term", "EUR", Role.OWNER, 7, datetime(2012, 5, 21, tzinfo=UTC), accounts)


def names(named: dict[str, str], chosen: dict[str, str], *accounts: AccountView) -> list[tuple[str, str, bool]]:
    """Each name of the file, the account that it stands for, and whether that is to be made."""
    found = account_choices(named, chosen, portfolio(*accounts))
    return [(each.name, each.account.name if each.account else "", each.is_new) for each in found]


def test_later_choices_win_and_an_emptied_symbol_is_given_up() -> None:
    first = Choices({"day_order": "day_first"}, {"A": "1", "B": "2"}, {"x": "X", "y": "Y"})
    second = Choices({"decimal_mark": ","}, {"A": "3"}, {"x": "", "z": "Z"})
    both = first.with_(second)
    assert both.answers == {"day_order": "day_first", "decimal_mark": ","}
    assert both.accounts == {"A": "3", "B": "2"}
    assert both.symbols == {"y": "Y", "z": "Z"}
    assert choices_from(both.document()) == both
    assert choices_from({}) == Choices()


def test_answers_say_how_the_file_is_read() -> None:
    answers = {"day_order": "month_first", "decimal_mark": ",", "dividend_fee": "tax"}
    read = Choices(answers=answers).reading(Reading(separator=";", day_order=DayOrder.DAY_FIRST))
    assert read == Reading(None, ";", ",", DayOrder.MONTH_FIRST, DividendFee.TAX)
    assert Choices().reading(Reading(decimal_mark=".")) == Reading(decimal_mark=".")
    for wrong in ({"day_order": "x"}, {"decimal_mark": "x"}, {"dividend_fee": "x"}):
        with pytest.raises(InvalidValue, match="one of the answers"):
            Choices(answers=wrong).reading(Reading())


@given(
    st.builds(
        Reading,
        format=st.none() | st.sampled_from(list(Format)),
        separator=st.sampled_from([None, ",", ";", "\t", "|"]),
        decimal_mark=st.sampled_from([None, ".", ","]),
        day_order=st.none() | st.sampled_from(list(DayOrder)),
    )
)
def test_what_was_stated_is_kept(reading: Reading) -> None:
    assert reading_of(reading_document(reading)) == reading


def test_a_name_is_the_account_of_that_name_whatever_its_case_and_spaces() -> None:
    assert names({"  my   BROKER ": ""}, {}, account("My Broker")) == [("  my   BROKER ", "My Broker", False)]


def test_an_account_is_made_with_the_currency_of_the_file_or_the_portfolio() -> None:
    found = account_choices({"A": "CHF", "B": ""}, {}, portfolio())
    assert [(each.account.currency, each.is_new) for each in found if each.account] == [("CHF", True), ("EUR", True)]


def test_what_is_made_keeps_its_id_from_preview_to_preview() -> None:
    one, two = (account_choices({"A": ""}, {}, portfolio())[0].account for _ in range(2))
    assert one == two
    assert one is not None
    renamed = AccountView(one.id, PORTFOLIO, "Renamed since", "EUR")
    third = account_choices({"A": ""}, {}, portfolio(renamed))[0].account
    assert third is not None
    assert third.id != one.id


def test_a_new_account_of_a_taken_name_gets_a_number() -> None:
    assert names({"Broker": ""}, {"Broker": "new"}, account("Broker")) == [("Broker", "Broker (2)", True)]
    long = "n" * 80
    assert names({long: ""}, {long: "new"}, account(long)) == [(long, f"{'n' * 75} (2)", True)]


def test_names_that_come_to_one_are_one_account() -> None:
    found = names({"A B": "", "A  B": "", "A\u202eB": ""}, {})
    assert [name for _, name, _ in found] == ["A B", "A B", "A B"]


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u202c", "\t"])
def test_a_name_that_nobody_can_see_becomes_one_that_can_be(name: str) -> None:
    assert names({name: ""}, {}) == [(name, "Imported", True)]


def test_rows_without_an_account() -> None:
    one, other = account("One"), account("Other", 3)
    assert names({"": ""}, {}) == [("", "Imported", True)]
    assert names({"": ""}, {}, one) == [("", "One", False)]
    assert names({"": ""}, {}, one, other) == [("", "", False)]
    assert names({"": ""}, {"": other.id}, one, other) == [("", "Other", False)]
    assert names({"": ""}, {"": "new"}, one, other) == [("", "Imported", True)]


def test_an_id_that_is_none_of_the_portfolio_s_is_no_choice() -> None:
    assert names({"One": ""}, {"One": str(uuid.uuid4())}, account("One")) == [("One", "One", False)]


def test_very_many_accounts_are_refused() -> None:
    many = {f"Depot {number}": "" for number in range(MOST_ACCOUNTS)}
    assert len(account_choices(many, {}, portfolio())) == MOST_ACCOUNTS
    with pytest.raises(ImportNotPossible, match="at most 50 new accounts, were 51"):
        account_choices({**many, "One more": ""}, {}, portfolio())


def test_symbols_are_kept_in_their_one_spelling() -> None:
    assert checked_symbols({"a": " aapl ", "b": "no symbol", "c": " "}) == {"a": "AAPL", "c": ""}
