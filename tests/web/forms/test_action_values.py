from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, NEWCO
from tests.web.forms.test_transactions import desk
from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import ActionFact, CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.web.forms.action_values import values_of_action
from tickfolio.web.forms.transactions import TransactionForm

DAY, PAID, USD = date(2012, 5, 21), date(2012, 6, 14), Currency("USD")
EACH = [
    (TransactionType.SPLIT, facts.Split(AAPL, DAY, 1, 10), {"split_new": 1, "split_old": 10}),
    (
        TransactionType.DIVIDEND,
        facts.CashDividend(AAPL, DAY, Decimal("0.333"), USD, PAID),
        {"day": PAID, "ex_date": DAY, "gross": Decimal("3.33"), "currency": "USD"},
    ),
    (
        TransactionType.DIVIDEND,
        facts.CashDividend(AAPL, DAY, Decimal(1), USD),
        {"ex_date": DAY, "gross": Decimal("10.00"), "currency": "USD"},
    ),
    (TransactionType.STOCK_DIVIDEND, facts.StockDistribution(AAPL, DAY, 1, 20), {"quantity": Decimal("0.5")}),
    (
        TransactionType.SPIN_OFF,
        facts.Demerger(AAPL, DAY, NEWCO, 1, 4, Decimal("0.125")),
        {"split_new": 1, "split_old": 4, "new_symbol": NEWCO, "cost_share": Decimal("12.5")},
    ),
    (
        TransactionType.MERGER,
        facts.Takeover(AAPL, DAY, NEWCO, 1, 2),
        {"split_new": 1, "split_old": 2, "new_symbol": NEWCO, "amount": None, "cost_share": None},
    ),
    (
        TransactionType.MERGER,
        facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal("3.50"), USD, Decimal("0.2")),
        {"split_new": 1, "split_old": 2, "new_symbol": NEWCO, "amount": Decimal("35.00"), "cost_share": Decimal(20)},
    ),
    (
        TransactionType.RETURN_OF_CAPITAL,
        facts.CapitalRepayment(AAPL, DAY, Decimal("0.25"), USD),
        {"amount": Decimal("2.50"), "currency": "USD"},
    ),
    (TransactionType.SYMBOL_CHANGE, facts.Renaming(AAPL, DAY, NEWCO), {"new_symbol": NEWCO}),
]


@pytest.mark.parametrize(("kind", "action", "said"), EACH)
def test_the_form_says_what_the_action_is_for_the_units_held(
    kind: TransactionType, action: CorporateAction, said: dict[str, Any]
) -> None:
    outcome = ActionOutcome(ActionFact(1, action), BROKER, Decimal(10), Outcome.APPLIED)
    values = values_of_action(outcome)
    assert values == {"account_id": BROKER, "symbol": AAPL, "day": DAY} | said
    form = TransactionForm(kind, initial=values, desk=desk())
    form.begin()
    assert set(values) <= set(form.fields)
    empty = [each.name for each in form.places if each.is_needed and not form.initial.get(each.name)]
    assert empty == []
