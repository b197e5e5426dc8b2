"""What all transactions have."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import AAPL, moment, money, settled
from tickfolio.domain.ledger.booking import (
    AccountId,
    Booking,
    Settlement,
    TransactionId,
    require_amount,
    require_one_currency,
    require_other,
    require_positive,
    require_price,
    require_quantity,
    require_ratio,
    require_settles,
    require_share,
    require_tax_within,
    shortage,
)
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.errors import InvalidNumber, InvalidValue


@pytest.mark.parametrize("share", ["-0.1", "1.1", "NaN", "0.0000000000000000001"])
def test_a_share_is_a_part_of_a_whole(share: str) -> None:
    with pytest.raises(InvalidNumber, match="a share from 0 to 1 with at most 18 places"):
        require_share(Decimal(share), "a share")
    require_share(Decimal("0.5"), "a share")


@pytest.mark.parametrize(("new", "old"), [(0, 1), (1, 0), (1_000_001, 1)])
def test_a_ratio_is_of_whole_numbers(new: int, old: int) -> None:
    with pytest.raises(InvalidValue, match="a merger of whole numbers from 1 to 1000000"):
        require_ratio(new, old, "a merger")


def test_one_thing_is_not_another() -> None:
    require_other("a", "b", "account")
    with pytest.raises(InvalidValue, match="another account, was a again"):
        require_other("a", "a", "account")


def test_a_tax_is_at_most_what_it_is_on_and_in_its_currency() -> None:
    require_tax_within(money("3 USD"), money("3 USD"))
    with pytest.raises(InvalidValue, match="at most 3, was 4"):
        require_tax_within(money("4 USD"), money("3 USD"))
    with pytest.raises(InvalidValue, match="all amounts in USD"):
        require_tax_within(money("1 EUR"), money("3 USD"))


def test_a_shortage_names_what_is_held_and_what_is_missing() -> None:
    told = shortage(Decimal("12.5"), Decimal(10), AAPL, doing="a transfer")
    assert told == "Expected a transfer of at most 10 AAPL {when}, was 12.5: 2.5 more than the account holds then."


USD, EUR = Currency("USD"), Currency("EUR")
REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: require_amount(money("-1 EUR"), "fees"), "Expected fees of zero or more, was -1 EUR."),
    (
        lambda: require_amount(money("1000000000000000000 EUR"), "fees"),
        "Expected fees below 1000000000000000000 with at most 30 places, was 1000000000000000000 EUR.",
    ),
    (lambda: require_positive(money("0 EUR"), "a fee"), "Expected a fee above zero, was 0 EUR."),
    (
        lambda: require_positive(money("1000000000000000000 EUR"), "a fee"),
        "Expected a fee below 1000000000000000000 with at most 30 places, was 1000000000000000000 EUR.",
    ),
    (
        lambda: require_one_currency(money("1 USD"), money("1 USD"), money("1 EUR")),
        "Expected all amounts in USD, was one in EUR.",
    ),
    (
        lambda: require_tax_within(money("-1 USD"), money("3 USD")),
        "Expected a withholding tax of zero or more, was -1 USD.",
    ),
    (
        lambda: require_tax_within(money("4 USD"), money("3 USD")),
        "Expected a withholding tax of at most 3, was 4.",
    ),
    (
        lambda: require_settles(settled("1 EUR", rate="0.8"), EUR),
        "Expected a rate from EUR, was one from USD.",
    ),
    (
        lambda: require_quantity(Decimal(0), AAPL),
        "Expected a quantity of AAPL above zero and below 1000000000000000, was 0.",
    ),
    (
        lambda: require_quantity(Decimal("0.1234567890123456789"), AAPL),
        "Expected a quantity of at most 18 places, was 0.1234567890123456789.",
    ),
    (
        lambda: require_price(Decimal(-1)),
        "Expected a price of zero or more, below 1000000000000 and with at most 12 places, was -1.",
    ),
    (
        lambda: require_ratio(0, 3, "a merger"),
        "Expected a merger of whole numbers from 1 to 1000000, was 0 for 3.",
    ),
    (
        lambda: require_share(Decimal("1.5"), "a share"),
        "Expected a share from 0 to 1 with at most 18 places, was 1.5.",
    ),
    (lambda: require_other("a", "a", "account"), "Expected another account, was a again."),
    (lambda: settled("0 EUR", rate="0.8"), "Expected a settled amount above zero, was 0 EUR."),
    (
        lambda: Settlement(money("1 EUR"), ExchangeRate(EUR, USD, Decimal("1.25"))),
        "Expected a rate from the trade's currency to EUR, was one from EUR to USD.",
    ),
    (
        lambda: Settlement(money("1 EUR"), ExchangeRate(EUR, EUR, Decimal(1))),
        "Expected a rate from the trade's currency to EUR, was one from EUR to EUR.",
    ),
    (lambda: settled("1 EUR", rate="1000000000000"), "Expected a rate below 1000000000000, was 1000000000000."),
    (
        lambda: Booking(
            id=TransactionId("t1"), account=AccountId("a"), at=moment("2012-05-21").replace(tzinfo=None), sequence=1
        ),
        "Expected the time of a transaction in UTC, was datetime.datetime(2012, 5, 21, 12, 0).",
    ),
]


@pytest.mark.parametrize(("attempt", "told"), REFUSED)
def test_what_is_refused_is_told_in_a_sentence(attempt: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        attempt()
    assert str(refused.value) == told


def test_what_is_at_a_bound_is_within() -> None:
    for amount in ("0", "0.5", f"0.{'0' * 29}1", "999999999999999999.5"):
        require_amount(money(f"{amount} EUR"), "fees")
    require_positive(money("0.5 EUR"), "a fee")
    for quantity in ("0.5", "0.000000000000000001", "999999999999999"):
        require_quantity(Decimal(quantity), AAPL)
    for price in ("0", "0.5", "0.000000000001", "999999999999"):
        require_price(Decimal(price))
    require_ratio(1, 1_000_000, "a merger")
    require_ratio(1_000_000, 1, "a merger")
    for share in ("0", "1"):
        require_share(Decimal(share), "a share")
    require_settles(None, EUR)
    require_settles(settled("1 EUR", rate="999999999999"), USD)


def test_what_is_beyond_a_bound_is_refused() -> None:
    with pytest.raises(InvalidNumber, match="below"):
        require_amount(money("1000000000000000000 EUR"), "fees")
    with pytest.raises(InvalidNumber, match="places"):
        require_amount(money(f"0.{'0' * 30}1 EUR"), "fees")
    for quantity in ("NaN", "1000000000000000"):
        with pytest.raises(InvalidNumber):
            require_quantity(Decimal(quantity), AAPL)
    for price in ("NaN", "1000000000000", "0.0000000000001"):
        with pytest.raises(InvalidNumber):
            require_price(Decimal(price))
    with pytest.raises(InvalidValue):
        require_ratio(1, 1_000_001, "a merger")
