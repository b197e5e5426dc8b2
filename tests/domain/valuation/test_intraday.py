from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.ledger.bookings import charge, interest, reinvested, return_of_capital, transfer_in, transfer_out
from tests.domain.ledger.bookings import fee as charged
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    FeeRefund,
    InterestCharge,
    Sell,
    Settlement,
    Split,
    Tax,
    TaxRefund,
    Transaction,
    TransactionId,
    Withdrawal,
)
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.money import Currency, ExchangeRate, Money
from tickfolio.domain.valuation.intraday import DayPrices, Effects, Holdings, ValuePoint, day_values

EUR, USD = Currency("EUR"), Currency("USD")
AAPL = Symbol("AAPL")
OPEN = datetime(2012, 5, 21, 13, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
APPLE = Instrument(symbol=AAPL, name="Apple Inc.", mic="XNAS", currency=USD)
RATES = rate_table(EUR, [(OPEN - timedelta(days=3), {USD: Decimal("1.25")})])  # so a dollar is 0.80 euros


def usd(amount: str) -> Money:
    return Money(Decimal(amount), USD)


def prices(*closes: str | None) -> DayPrices:
    """A price at the end of each minute; None where there was no trade."""
    minutes = {
        OPEN + (index + 1) * MINUTE: {} if close is None else {AAPL: Decimal(close)}
        for index, close in enumerate(closes)
    }
    return DayPrices(opening={AAPL: Decimal(100)}, minutes=minutes)


def values(
    *closes: str | None,
    held: str = "10",
    cash: str = "0",
    recent: tuple[Transaction, ...] = (),
    effects: Effects | None = None,
) -> list[str]:
    points = day_values(
        Holdings(units={AAPL: Decimal(held)}, cash={USD: Decimal(cash)}),
        recent,
        prices(*closes),
        instruments={AAPL: APPLE},
        rates=RATES,
        base=EUR,
        effects=effects or {},
    )
    assert [point.at for point in points] == sorted(point.at for point in points)
    return [str(point.value) for point in points]


def trade(kind: type[Buy | Sell], *, minutes: int, quantity: str, price: str) -> Buy | Sell:
    at = OPEN + minutes * MINUTE + MINUTE / 2
    gross = Money(Decimal(quantity) * Decimal(price), USD)
    return kind(
        id=TransactionId("t"), account=AccountId("a"), at=at, sequence=1, symbol=AAPL,
        quantity=Decimal(quantity), price=Decimal(price), gross=gross, fees=usd("0"), taxes=usd("0"),
    )  # fmt: skip


def test_each_minute_is_units_times_its_price_in_the_base_currency() -> None:
    assert values("100", "101.50") == ["800.00", "812.00"]


def test_a_minute_without_a_trade_keeps_the_last_price_and_the_first_one_the_previous_close() -> None:
    assert values(None, "110", None) == ["800.00", "880.00", "880.00"]


def test_cash_is_part_of_the_value() -> None:
    assert values("100", cash="50") == ["840.00"]


def test_a_purchase_at_the_market_moves_value_from_cash_to_units() -> None:
    bought = trade(Buy, minutes=1, quantity="5", price="100")
    assert values("100", "100", "102", held="10", cash="0", recent=(bought,)) == ["800.00", "800.00", "816.00"]


def test_a_sale_is_undone_for_the_minutes_before_it() -> None:
    sold = trade(Sell, minutes=1, quantity="10", price="120")
    assert values("100", "120", "90", held="0", cash="1200", recent=(sold,)) == ["800.00", "960.00", "960.00"]


def test_a_trade_settled_in_euros_moves_euros() -> None:
    bought = trade(Buy, minutes=1, quantity="10", price="100")
    settlement = Settlement(amount=Money(Decimal(805), EUR), rate=ExchangeRate(USD, EUR, Decimal("0.805")))
    assert values("100", "100", recent=(replace(bought, settlement=settlement),)) == ["805.00", "800.00"]


def test_deposits_withdrawals_fees_and_exchanges_count_from_their_time_on() -> None:
    at = OPEN + MINUTE + MINUTE / 2
    identity: dict[str, Any] = {"id": TransactionId("t"), "account": AccountId("a"), "at": at, "sequence": 1}
    flows: list[tuple[Transaction, list[str]]] = [
        (Deposit(**identity, amount=usd("100")), ["720.00", "800.00"]),
        (Withdrawal(**identity, amount=usd("100")), ["880.00", "800.00"]),
        (Fee(**identity, amount=usd("5")), ["804.00", "800.00"]),
        (
            CurrencyExchange(**identity, sold=Money(Decimal(90), EUR), bought=usd("100")),
            ["810.00", "800.00"],
        ),
    ]
    for flow, expected in flows:
        assert values("100", "100", recent=(flow,)) == expected, flow


def test_a_dividend_counts_from_its_ex_date_and_its_payment_changes_nothing() -> None:
    accrued = OPEN + MINUTE + MINUTE / 2
    dividend = Dividend(
        id=TransactionId("t"), account=AccountId("a"), at=accrued + 30 * MINUTE, sequence=1, symbol=AAPL,
        gross=usd("26.50"), withholding_tax=usd("1.50"), accrues_at=accrued,
    )  # fmt: skip
    assert values("100", "100", cash="25", recent=(dividend,)) == ["800.00", "820.00"]


def test_a_split_leaves_the_value_as_it_was() -> None:
    split = Split(
        id=TransactionId("t"), account=AccountId("a"), at=OPEN + MINUTE + MINUTE / 2, sequence=1, symbol=AAPL, new=2, old=1
    )  # fmt: skip
    effects = {split.id: [(AAPL, Decimal(10))]}
    assert values("100", "50", held="20", recent=(split,), effects=effects) == ["800.00", "800.00"]


def test_what_has_no_price_is_left_out_and_not_taken_for_nothing() -> None:
    other = Symbol("HLX.R")
    points = day_values(
        Holdings(units={other: Decimal(5), AAPL: Decimal(1)}),
        (),
        prices("100"),
        instruments={AAPL: APPLE, other: replace(APPLE, symbol=other)},
        rates=RATES,
        base=EUR,
        effects={},
    )
    assert points == (ValuePoint(OPEN + MINUTE, Decimal("80.00")),)


def test_pence_are_a_hundredth_of_a_pound() -> None:
    pence = replace(APPLE, quote_unit=Decimal(100))
    points = day_values(
        Holdings(units={AAPL: Decimal(10)}),
        (),
        prices("150"),
        instruments={AAPL: pence},
        rates=RATES,
        base=USD,
        effects={},
    )
    assert [point.value for point in points] == [Decimal("15.00")]


@pytest.mark.parametrize(
    ("transaction", "before"),
    [
        (charged("2012-05-21", "10 USD"), "808.00"),
        (charge(FeeRefund, "2012-05-21", "10 USD"), "792.00"),
        (charge(Tax, "2012-05-21", "10 USD"), "808.00"),
        (charge(TaxRefund, "2012-05-21", "10 USD"), "792.00"),
        (charge(InterestCharge, "2012-05-21", "10 USD"), "808.00"),
        (interest("2012-05-21 13:31", "10 USD", tax="1"), "792.80"),
        (reinvested("2012-05-21 13:31", "10 USD", "1", "9 USD"), "719.20"),
        (transfer_in("2012-05-21 13:31", "1"), "720.00"),
        (transfer_out("2012-05-21 13:31", "1", to=None), "880.00"),
        (transfer_out("2012-05-21 13:31", "1"), "800.00"),
        (return_of_capital("2012-05-21 13:31", "10 USD"), "792.00"),
    ],
)
def test_what_came_and_went_is_undone_for_the_minutes_before(transaction: Transaction, before: str) -> None:
    moved = replace(transaction, at=OPEN + MINUTE + MINUTE / 2)
    assert values("100", "100", recent=(moved,)) == [before, "800.00"]
