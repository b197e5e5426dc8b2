from __future__ import annotations

from dataclasses import replace
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
from tickfolio.errors import InvalidDraft
from tickfolio.services.portfolios import AccountView
from tickfolio.web.forms.action_values import draft_of_action, type_of_action, values_of_action
from tickfolio.web.forms.numbers import DecimalMark
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


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize(("kind", "action", "said"), EACH)
def test_accepting_books_what_the_form_would_if_it_were_sent_as_it_is(
    kind: TransactionType, action: CorporateAction, said: dict[str, Any], mark: DecimalMark
) -> None:
    outcome = ActionOutcome(ActionFact(1, action), BROKER, Decimal(10), Outcome.NOT_WANTED)
    here = replace(desk(), mark=mark, accounts=[AccountView(BROKER, "p", "Broker", "USD")])
    draft = draft_of_action(outcome, desk=here)
    assert (draft.type, draft.account_id, draft.symbol) == (kind, BROKER, AAPL)
    assert type_of_action(action) is kind
    for name, value in said.items():
        if name == "day":
            assert draft.at is not None
            assert draft.at.date() == value
        elif name == "cost_share":
            assert draft.cost_share == (None if value is None else value / 100)
        else:
            assert getattr(draft, name) == value, name


def test_what_a_form_would_refuse_is_no_draft() -> None:
    outcome = ActionOutcome(ActionFact(1, facts.Split(AAPL, DAY, 1, 10)), BROKER, Decimal(10), Outcome.BY_HAND)
    with pytest.raises(InvalidDraft, match="Expected an account of the list"):
        draft_of_action(outcome, desk=replace(desk(), accounts=[]))


@pytest.mark.parametrize(
    "action",
    [
        facts.CashDividend(AAPL, DAY, Decimal(1), USD),
        facts.CapitalRepayment(AAPL, DAY, Decimal(1), USD),
        facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal(1), USD),
    ],
)
def test_what_a_short_position_pays_is_never_booked_as_received(action: CorporateAction) -> None:
    outcome = ActionOutcome(ActionFact(1, action), BROKER, Decimal(-10), Outcome.BY_HAND)
    assert not {"gross", "amount"} & set(values_of_action(outcome))
    here = replace(desk(), accounts=[AccountView(BROKER, "p", "Broker", "USD")])
    with pytest.raises(InvalidDraft) as refused:
        draft_of_action(outcome, desk=here)
    assert list(refused.value.errors.values()) == [
        "AAPL is sold short: it pays this. Book a fee of what was paid, and dismiss this."
    ]
