"""The parts of a portfolio that figures are asked of."""

from __future__ import annotations

import pytest

from tests.domain.ledger.bookings import buy, deposit
from tests.domain.valuation.market import book, quote, valued
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue
from tickfolio.services.explained_parts import part_of

BOOK = book(deposit("2012-05-16", "9000.00 USD"), buy("2012-05-16", "10", "5000.00 USD"))
ROWS = valued(*BOOK.transactions, quotes={Symbol("AAPL"): quote("510.00")}).rows


def named(**params: str) -> tuple[str, list[str]]:
    keep, name = part_of(BOOK, {key.rstrip("_"): text for key, text in params.items()})
    return name, [row.key for row in ROWS if keep is None or keep(row)]


def test_without_a_part_all_rows_count() -> None:
    assert named(account="", as_of="2012-05-18") == ("the portfolio", ["h:broker:AAPL", "c:broker:USD"])


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"row": "c:broker:USD", "symbol": "AAPL"}, ("c:broker:USD", ["c:broker:USD"])),
        ({"symbol": "AAPL", "account": "broker"}, ("AAPL in Broker", ["h:broker:AAPL"])),
        ({"class_": "equity"}, ("equity", ["h:broker:AAPL"])),
        ({"class_": "cash", "currency": "USD"}, ("cash in USD", ["c:broker:USD"])),
        ({"currency": "EUR"}, ("EUR", [])),
    ],
)
def test_a_row_is_of_a_part_where_all_that_is_asked_for_is_true_of_it(
    params: dict[str, str], expected: tuple[str, list[str]]
) -> None:
    assert named(**params) == expected


@pytest.mark.parametrize("params", [{"account": "bank"}, {"class_": "shares"}])
def test_an_account_or_a_class_that_is_not_there_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(InvalidValue, match="Expected"):
        named(**params)
