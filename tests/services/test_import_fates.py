"""What becomes of the rows of a file; whole files are judged in test_imports.py."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from tests.domain.ledger.generated import GeneratedLedger, ledgers
from tests.live.market import AAPL, instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.transactions import Buy, Transaction, TransactionId, TransactionType
from tickfolio.domain.money import EXACT, Currency
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.import_fates import Fate, Ground, Judgement, ReadRow, cash_moved, judge, new_instruments
from tickfolio.statements.rows import Entry, InstrumentFacts, Refusal, Subject

BROKER = AccountView(str(uuid.UUID(int=1)), str(uuid.UUID(int=2)), "Broker", "USD")
GROUND = Ground(
    accounts={"Broker": BROKER, "Nobody's": None},
    instruments={AAPL: instrument(AAPL)},
    facts={},
    symbols={},
    zone=ZoneInfo("Europe/Berlin"),
    booked=(),
    fingerprints={},
)
BUY = Entry(
    type=TransactionType.BUY,
    at=datetime(2012, 5, 21, 14, tzinfo=UTC),
    account="Broker",
    symbol="AAPL",
    quantity=Decimal(10),
    price=Decimal(350),
    currency="USD",
    note="first",
)


def judged(*outcomes: Entry | Refusal, ground: Ground = GROUND) -> Judgement:
    """The fates of a file with these rows."""
    return judge([ReadRow(ordinal, outcome) for ordinal, outcome in enumerate(outcomes, start=1)], ground)


def fates(judgement: Judgement) -> list[Fate]:
    """The fate of every row."""
    return [verdict.fate for verdict in judgement.verdicts.values()]


def booked_as(judgement: Judgement) -> tuple[Transaction, ...]:
    """The new rows as they would stand in the ledger."""
    reads = [judgement.verdicts[ordinal].read for ordinal in judgement.order]
    return tuple(
        replace(read.transaction, id=TransactionId(f"t{place}"), sequence=place)
        for place, read in enumerate(reads, start=1)
        if read is not None
    )


def test_a_row_that_cannot_be_read_is_refused_or_asks() -> None:
    judgement = judged(Refusal("Not a row."), Refusal("Which day?", asks=Subject.DAY_ORDER))
    assert fates(judgement) == [Fate.REFUSED, Fate.ASKS]
    assert [verdict.reason for verdict in judgement.verdicts.values()] == ["Not a row.", "Which day?"]


def test_rows_keep_the_order_of_the_file_and_are_booked_in_that_of_the_ledger() -> None:
    later, earlier = replace(BUY, at=date(2012, 6, 1)), replace(BUY, at=date(2012, 5, 1))
    judgement = judged(later, earlier)
    assert list(judgement.verdicts) == [1, 2]
    assert judgement.order == (2, 1)


def test_of_one_moment_the_file_says_the_order_and_else_what_is_bought_comes_first() -> None:
    sale = replace(BUY, type=TransactionType.SELL, quantity=Decimal(10))
    assert judged(sale, BUY).order == (2, 1)
    dear, cheap = replace(BUY, price=Decimal(9), order=1), replace(BUY, price=Decimal(8), order=2)
    assert judged(cheap, dear).order == (2, 1)
    assert judged(replace(cheap, order=1), replace(dear, order=2)).order == (1, 2)


def test_equal_rows_are_told_apart_by_counting_them() -> None:
    judgement = judged(BUY, replace(BUY, note="second"), replace(BUY, quantity=Decimal("10.0")))
    found = {verdict.fingerprint for verdict in judgement.verdicts.values()}
    assert len(found) == 3
    one = judged(BUY)
    assert {verdict.fingerprint for verdict in one.verdicts.values()} < found


def test_a_row_is_known_by_its_fingerprint_first_and_by_what_it_says_then() -> None:
    (first,) = judged(BUY).verdicts.values()
    assert first.read is not None
    assert isinstance(first.read.transaction, Buy)
    by_hand = replace(first.read.transaction, id=TransactionId("by hand"))
    edited = replace(by_hand, id=TransactionId("imported"), quantity=Decimal(3))
    ground = replace(
        GROUND, booked=(by_hand, edited), fingerprints={(BROKER.id, first.fingerprint): TransactionId("imported")}
    )
    judgement = judged(BUY, BUY, BUY, ground=ground)
    assert fates(judgement) == [Fate.KNOWN, Fate.KNOWN, Fate.NEW]
    assert [verdict.transaction for verdict in judgement.verdicts.values()] == ["imported", "by hand", None]


@pytest.mark.parametrize(
    ("entry", "fate", "reason"),
    [
        (replace(BUY, account="Nobody's"), Fate.ASKS, "Choose the account that Nobody's is."),
        (replace(BUY, account="Unheard of"), Fate.ASKS, "Choose the account that Unheard of is."),
        (replace(BUY, symbol="no symbol"), Fate.ASKS, "no symbol is no symbol: choose one for it."),
        (replace(BUY, quantity=Decimal(0)), Fate.REFUSED, "Expected a quantity above zero, was 0."),
        (replace(BUY, quantity=None), Fate.REFUSED, "Expected a quantity."),
        (replace(BUY, price=Decimal("0." + "1" * 13)), Fate.REFUSED, "at most 12 decimal places"),
        (replace(BUY, fees=Decimal(-1)), Fate.REFUSED, "Expected fees of zero or more, was -1."),
        (replace(BUY, settlement_amount=Decimal(1)), Fate.REFUSED, "Expected the currency that was really paid in."),
        (replace(BUY, currency="EUR"), Fate.ASKS, "Expected USD, the currency of AAPL, was EUR."),
        (replace(BUY, symbol="SHED"), Fate.NEW, ""),
        (replace(BUY, type=TransactionType.SELL), Fate.REFUSED, "10 are missing."),
    ],
)
def test_a_fate_has_its_reason(entry: Entry, fate: Fate, reason: str) -> None:
    (verdict,) = judged(entry).verdicts.values()
    assert verdict.fate is fate
    assert reason in verdict.reason


def test_a_chosen_symbol_stands_for_what_the_file_has() -> None:
    ground = replace(GROUND, symbols={"Apple": "AAPL"})
    (verdict,) = judged(replace(BUY, symbol="Apple"), ground=ground).verdicts.values()
    assert verdict.read is not None
    assert getattr(verdict.read.transaction, "symbol", None) == "AAPL"


def test_an_unknown_instrument_has_the_currency_that_the_file_states_or_trades_it_in_most() -> None:
    shed = replace(BUY, symbol="SHED")
    rows = [ReadRow(number, replace(shed, currency=code)) for number, code in enumerate(("EUR", "CHF", "EUR"), start=1)]
    assert new_instruments(rows, GROUND)[Symbol("SHED")].currency == Currency("EUR")
    stated = replace(GROUND, facts={"SHED": InstrumentFacts("Garden\u202e shed", "CHF")})
    made = new_instruments(rows, stated)[Symbol("SHED")]
    assert (made.currency, made.name) == (Currency("CHF"), "Garden shed")


def test_an_instrument_of_which_nothing_says_the_currency_is_not_made() -> None:
    split = Entry(type=TransactionType.SPLIT, at=BUY.at, account="Broker", symbol="SHED", split_new=2, split_old=1)
    (verdict,) = judged(split).verdicts.values()
    assert (verdict.fate, verdict.reason[:22]) == (Fate.REFUSED, "No feed offers SHED. C")
    ground = replace(GROUND, facts={"SHED": InstrumentFacts("", "CHF")})
    assert fates(judged(split, ground=ground)) == [Fate.NEW]


def test_counts_are_of_all_rows() -> None:
    judgement = judged(BUY, Refusal("x"), replace(BUY, symbol="no symbol"))
    assert judgement.counts == {Fate.NEW: 1, Fate.REFUSED: 1, Fate.ASKS: 1}


@given(ledgers())
def test_the_cash_that_moves_is_what_the_ledger_has_then(ledger: GeneratedLedger) -> None:
    moved = cash_moved(ledger.transactions)
    balances: dict[Currency, Decimal] = {}
    for account in {each.account for each in ledger.transactions}:
        for currency, position in fold(account, ledger.of(account)).cash.items():
            balances[currency] = EXACT.add(balances.get(currency, Decimal(0)), position.balance)
    assert {currency: amount for currency, amount in moved.items() if amount} == {
        currency: amount for currency, amount in balances.items() if amount
    }


def test_what_is_new_can_follow_itself_in_a_ledger() -> None:
    sale = replace(BUY, type=TransactionType.SELL, quantity=Decimal(4))
    judgement = judged(sale, BUY, replace(sale, quantity=Decimal(7)), replace(sale, quantity=Decimal(6)))
    assert fates(judgement) == [Fate.NEW, Fate.NEW, Fate.REFUSED, Fate.NEW]
    held = fold(booked_as(judgement)[0].account, booked_as(judgement))
    assert held.positions[AAPL].quantity == 0
