"""The method of an account as a text."""

from itertools import product

import pytest

from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CashMethod, CostMethod
from tickfolio.errors import InvalidValue
from tickfolio.statements.account_methods import method_text, options_from

ALL = [AccountOptions(*each) for each in product(CostMethod, CashMethod, (True, False), (True, False))]


def test_all_options_come_back() -> None:
    assert [options_from(method_text(options)) for options in ALL] == ALL
    assert len({method_text(options) for options in ALL}) == len(ALL)


def test_what_every_account_begins_with_is_the_empty_text() -> None:
    assert method_text(DEFAULT_OPTIONS) == ""
    assert method_text(AccountOptions(CostMethod.AVERAGE, CashMethod.AVERAGE, False, True)) == (
        "average cash_average fees_apart shorts"
    )


def test_another_word_is_refused() -> None:
    with pytest.raises(InvalidValue, match="was 'guess'"):
        options_from("fifo guess")
