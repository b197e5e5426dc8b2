"""What tells the rows of files apart."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from tests.domain.ledger.generated import GeneratedLedger, ledgers
from tests.persistence.booked import every_kind, usd
from tickfolio.domain.ledger.transactions import (
    Buy,
    Dividend,
    Sell,
    Split,
    TransactionId,
    TransferIn,
    transaction_type,
)
from tickfolio.statements.fingerprints import fingerprint, normalised

EVERY = every_kind(str(uuid.UUID(int=1)))


def test_every_type_says_something_of_its_own() -> None:
    said = [normalised(each) for each in EVERY]
    assert len(set(said)) == len(EVERY)
    assert [text.split("|")[0] for text in said] == [transaction_type(each).value for each in EVERY]


@given(ledgers(min_size=1))
def test_one_spelling_whatever_the_zeros(ledger: GeneratedLedger) -> None:
    for each in ledger.transactions:
        if isinstance(each, Buy):
            padded = replace(each, quantity=each.quantity * Decimal("1.000"), price=each.price + Decimal("0.0000"))
            assert normalised(padded) == normalised(each)


@pytest.mark.parametrize("change", [{"id": TransactionId("another")}, {"sequence": 99}], ids=["id", "sequence"])
def test_id_and_place_are_not_in_it(change: dict[str, object]) -> None:
    assert [normalised(replace(each, **change)) for each in EVERY] == [normalised(each) for each in EVERY]  # type: ignore[arg-type]


def test_the_ex_date_is_not_in_it_and_the_tax_is() -> None:
    dividend = next(each for each in EVERY if isinstance(each, Dividend))
    assert normalised(replace(dividend, accrues_at=dividend.at - timedelta(days=3))) == normalised(dividend)
    assert normalised(replace(dividend, withholding_tax=usd("0.41"))) != normalised(dividend)


def test_the_lots_that_were_chosen_are_not_in_it_and_those_that_came_are() -> None:
    sale = next(each for each in EVERY if isinstance(each, Sell) and each.lots)
    assert normalised(replace(sale, lots=())) == normalised(sale)
    transfer = next(each for each in EVERY if isinstance(each, TransferIn) and each.lots)
    assert normalised(replace(transfer, lots=())) != normalised(transfer)


def test_a_split_says_what_it_said_before_cash_could_be_paid_for_fractions() -> None:
    split = next(each for each in EVERY if isinstance(each, Split))
    assert normalised(split) == "split|2012-05-21T14:30:00+00:00|AAPL|2|1"


def test_a_day_stands_for_its_time() -> None:
    first = EVERY[0]
    later = replace(first, at=first.at + timedelta(hours=2))
    day = date(2012, 5, 21)
    assert normalised(first, day=day) == normalised(later, day=day)
    assert normalised(first) != normalised(later)


def test_account_and_ordinal_tell_equal_rows_apart() -> None:
    said = normalised(EVERY[0])
    found = {fingerprint(account, said, ordinal=ordinal) for account in ("a", "b") for ordinal in (1, 2)}
    assert len(found) == 4
    assert all(len(each) == 64 for each in found)
