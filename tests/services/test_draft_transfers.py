"""Drafts of transfers; every way that one can be wrong has its field."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.live.market import AAPL, instrument
from tickfolio.domain.ledger.transactions import (
    CashTransfer,
    Transaction,
    TransactionId,
    TransactionType,
    TransferOut,
)
from tickfolio.errors import InvalidDraft
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import Surroundings, TransactionDraft

AT = datetime(2012, 5, 16, 15, 0, tzinfo=UTC)
SURROUNDINGS = Surroundings(
    accounts={key: AccountView(id=key, portfolio_id="p", name=key, currency="EUR") for key in ("a", "b")},
    instruments={AAPL: instrument(AAPL)},
)
OUT = TransactionDraft(
    type=TransactionType.TRANSFER_OUT, account_id="a", at=AT, symbol=AAPL, quantity=Decimal(5), to_account_id="b"
)
IN = replace(OUT, type=TransactionType.TRANSFER_IN, to_account_id=None)


def meant(draft: TransactionDraft, **parts: Any) -> Transaction:
    changed = replace(draft, **parts)
    return read_draft(changed, surroundings=SURROUNDINGS, transaction_id=TransactionId("t"), sequence=7).transaction


def refused(draft: TransactionDraft, **parts: Any) -> dict[str, str]:
    with pytest.raises(InvalidDraft) as refusal:
        meant(draft, **parts)
    return refusal.value.errors


def test_units_go_to_another_account_or_out_of_the_portfolio() -> None:
    assert isinstance(found := meant(OUT), TransferOut)
    assert (found.to_account, found.lots) == ("b", ())
    assert isinstance(found := meant(OUT, to_account_id=None), TransferOut)
    assert found.to_account is None


def test_the_other_account_is_another_one_of_this_portfolio() -> None:
    assert refused(OUT, to_account_id="a") == {"to_account_id": "Expected another account than a, which it comes from."}
    assert refused(OUT, to_account_id="z") == {"to_account_id": "Expected another account of this portfolio."}
    cash = TransactionDraft(type=TransactionType.CASH_TRANSFER, account_id="a", at=AT, amount=Decimal(1))
    assert refused(cash) == {"to_account_id": "Expected another account of this portfolio."}
    assert isinstance(found := meant(cash, to_account_id="b"), CashTransfer)
    assert found.to_account == "b"
