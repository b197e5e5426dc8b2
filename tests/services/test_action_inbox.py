"""Corporate actions that an account does not have: proposed, accepted, dismissed, brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW
from tests.services.changes import changes
from tests.services.ledger_entries import Book, add, book, delete, deposit, person, purchase, share
from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, CorporateAction, Split
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, ActionRule
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.errors import ImpossibleLedger, InvalidDraft, NotAllowed, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.tenancy import Role
from tickfolio.runtime.long_jobs import OTHER_SHARES, JobKind, LongJob
from tickfolio.services import action_inbox
from tickfolio.services.account_options import account_options_change
from tickfolio.services.action_inbox import (
    Accepted,
    action_accept,
    action_dismiss,
    action_restore,
    actions_accept,
    dismissals_of,
    proposed_in,
)
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledgers import book_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_changes import SQLITE_WRITERS
from tickfolio.services.transactions import TransactionView, transactions_page

pytestmark = pytest.mark.django_db
USD = Currency("USD")
FRIDAY, MONDAY = date(2012, 5, 18), date(2012, 5, 21)
DIVIDEND = CashDividend(AAPL, FRIDAY, Decimal("0.50"), USD)


@pytest.fixture
def mine() -> Book:
    """10 AAPL since a week ago, in an account that takes only what changes units."""
    mine = book(person("alice"))
    add(mine, deposit(mine, "9000.00", at=OPEN - timedelta(days=7)))
    add(mine, purchase(mine, quantity="10", at=OPEN - timedelta(days=7)))
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN)))
    take(mine, ActionRule.UNITS)
    return mine


def take(mine: Book, rule: ActionRule, before: ActionRule = ActionRule.ALL) -> None:
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=replace(DEFAULT_OPTIONS, actions=rule),
        expected=replace(DEFAULT_OPTIONS, actions=before),
    )


def know(*actions: CorporateAction) -> None:
    actions_record(actions=actions, source="vendor", at=REAL_NOW)


def know_monthly(mine: Book, count: int) -> None:
    """Has 10 more AAPL bought a year ago, and so many dividends since: 1 USD of the last one, 2 of the one before, and so on."""
    year_ago = OPEN - timedelta(days=365)
    add(mine, deposit(mine, "9000.00", at=year_ago))
    add(mine, purchase(mine, quantity="10", at=year_ago))
    know(*(CashDividend(AAPL, FRIDAY - timedelta(days=30 * each), Decimal(each), USD) for each in range(1, count + 1)))


def paid(mine: Book) -> list[Decimal | None]:
    """The dividends that are booked, the newest first."""
    rows = transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows
    return [each.amount for each in rows if each.type is TransactionType.DIVIDEND]


def drafted(outcome: ActionOutcome) -> TransactionDraft:
    """What a form would have."""
    action = outcome.fact.action
    at = datetime.combine(action.ex_date, time(13, 30), tzinfo=UTC)
    place = TransactionDraft(account_id=outcome.account, at=at, symbol=action.symbol)
    match action:
        case CashDividend():
            return replace(place, type=TransactionType.DIVIDEND, gross=outcome.units * action.amount)
        case CapitalRepayment():
            return replace(
                place, type=TransactionType.RETURN_OF_CAPITAL, amount=outcome.units * action.amount, currency="EUR"
            )
        case Split():
            return replace(place, type=TransactionType.SPLIT, split_new=action.new, split_old=action.old)
        case _:
            raise InvalidDraft({"type": "Expected another action."})


def proposed(mine: Book) -> tuple[ActionOutcome, ...]:
    return proposed_in(book_of(actor=mine.owner, portfolio_id=mine.portfolio_id))


def outcomes(mine: Book) -> list[Outcome]:
    return [each.outcome for each in book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).outcomes]


def booked(mine: Book) -> list[TransactionView]:
    """What is booked, without the deposit and the purchase."""
    return list(transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows[:-2])


def accept(mine: Book, outcome: ActionOutcome) -> TransactionView | None:
    return action_accept(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=outcome.account,
        action_id=outcome.fact.id,
        draft_of=drafted,
    )


def dismiss(mine: Book, outcome: ActionOutcome) -> bool:
    return action_dismiss(
        actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=outcome.account, action_id=outcome.fact.id
    )


def restore(mine: Book, outcome: ActionOutcome) -> bool:
    return action_restore(
        actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=outcome.account, action_id=outcome.fact.id
    )


# ---------- What is proposed ----------


def test_what_the_account_does_not_take_is_proposed_once_its_day_has_come(mine: Book) -> None:
    coming = CashDividend(AAPL, date(2012, 5, 22), Decimal(1), USD)
    know(DIVIDEND, coming, CashDividend(IBM, FRIDAY, Decimal(1), USD), Split(AAPL, MONDAY, 2, 1))
    assert [each.fact.action for each in proposed(mine)] == [DIVIDEND]
    assert proposed(mine)[0].units == Decimal(10)
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN + timedelta(days=1))))
    assert [(each.fact.action, each.units) for each in proposed(mine)] == [
        (DIVIDEND, Decimal(10)),
        (coming, Decimal(20)),
    ]


# ---------- Accepting ----------


def test_accepting_twice_books_once_and_a_deletion_proposes_it_again(mine: Book) -> None:
    know(DIVIDEND)
    (outcome,) = proposed(mine)
    first = accept(mine, outcome)
    assert first is not None
    assert (first.type, first.amount) == (TransactionType.DIVIDEND, Decimal("5.00"))
    assert accept(mine, outcome) is None
    assert [each.id for each in booked(mine)] == [first.id]
    assert (proposed(mine), outcomes(mine)) == ((), [Outcome.OWN])
    delete(mine, first)
    assert [each.fact for each in proposed(mine)] == [outcome.fact]
    assert accept(mine, outcome) is not None


def test_all_are_booked_in_the_order_of_their_days_for_the_units_held_then(mine: Book) -> None:
    take(mine, ActionRule.NONE, ActionRule.UNITS)
    know(CashDividend(AAPL, MONDAY, Decimal(1), USD), Split(AAPL, FRIDAY, 2, 1))
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert [(each.type, each.amount) for each in accepted.booked] == [
        (TransactionType.SPLIT, None),
        (TransactionType.DIVIDEND, Decimal(20)),
    ]
    assert (accepted.refused, proposed(mine)) == ((), ())
    again = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert (again.booked, again.refused) == ((), ())


def test_all_are_booked_in_batches_and_cut_short_the_rest_is_booked_by_the_next_click(
    mine: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 2)
    monkeypatch.setattr(action_inbox, "BATCH_SECONDS", 600)  # so that it is the number alone that ends a batch
    know_monthly(mine, 5)
    drafts: list[TransactionDraft] = []

    def drafted_until_killed(outcome: ActionOutcome) -> TransactionDraft:
        if len(drafts) == 3:
            raise RuntimeError("killed")
        drafts.append(drafted(outcome))
        return drafts[-1]

    with pytest.raises(RuntimeError, match="killed"):
        actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted_until_killed)
    assert paid(mine) == [40, 50]
    again = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert [each.amount for each in again.booked] == [30, 20, 10]
    assert paid(mine) == [10, 20, 30, 40, 50]
    assert proposed(mine) == ()


def test_a_transaction_that_has_no_time_left_books_one_and_nothing_is_held_in_the_pause(
    mine: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[tuple[int, bool]] = []
    monkeypatch.setattr(action_inbox, "BATCH_SECONDS", 0.0)
    monkeypatch.setattr(
        action_inbox, "sleep", lambda _seconds: pauses.append((len(paid(mine)), SQLITE_WRITERS.locked()))
    )
    know_monthly(mine, 3)
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert [each.amount for each in accepted.booked] == [30, 20, 10]
    assert pauses == [(1, False), (2, False)]


def test_what_somebody_else_books_or_changes_in_the_pause_is_seen(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_inbox, "BATCH_SECONDS", 0.0)
    know_monthly(mine, 4)
    by_hand: list[TransactionView | None] = []

    def meanwhile(_seconds: float) -> None:
        if not by_hand:
            by_hand.append(accept(mine, proposed(mine)[0]))
            add(mine, purchase(mine, quantity="10", at=OPEN - timedelta(days=50)))

    monkeypatch.setattr(action_inbox, "sleep", meanwhile)
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert [each.amount for each in accepted.booked] == [40, 20, 20]
    assert [each.amount for each in by_hand if each] == [30]
    assert (proposed(mine), accepted.is_more) == ((), False)


def test_where_units_changed_last_it_is_known_whether_more_wait(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_inbox, "CLICK_SECONDS", 0.0)
    take(mine, ActionRule.NONE, ActionRule.UNITS)
    know(Split(AAPL, FRIDAY, 2, 1))
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert ([each.type for each in accepted.booked], accepted.is_more) == ([TransactionType.SPLIT], False)


def test_a_click_ends_when_its_time_is_over_and_the_next_one_goes_on(
    mine: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 2)
    # A machine that is busy would end a batch by the time that it took.
    monkeypatch.setattr(action_inbox, "BATCH_SECONDS", 600)
    monkeypatch.setattr(action_inbox, "CLICK_SECONDS", 0.0)
    know_monthly(mine, 3)
    clicks = [actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted) for _ in range(2)]
    assert [(len(each.booked), each.is_more) for each in clicks] == [(2, True), (1, False)]


def test_a_click_beside_another_on_the_same_portfolio_does_nothing_and_says_so(mine: Book) -> None:
    know_monthly(mine, 2)
    beside: list[Accepted] = []

    def pressed_again(outcome: ActionOutcome) -> TransactionDraft:
        beside.append(actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted))
        return drafted(outcome)

    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=pressed_again)
    assert [each.amount for each in accepted.booked] == [20, 10]
    assert not accepted.is_busy
    assert beside == [Accepted(is_busy=True), Accepted(is_busy=True)]


def test_a_click_books_so_many_and_says_that_more_wait(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 2)
    monkeypatch.setattr(action_inbox, "MOST_ACCEPTED", 4)
    # A machine that is busy would end a batch, or the click, by the time that it took.
    for limit in ("BATCH_SECONDS", "CLICK_SECONDS"):
        monkeypatch.setattr(action_inbox, limit, 600)
    know_monthly(mine, 5)
    clicks = [actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted) for _ in range(3)]
    assert [(len(each.booked), each.is_more) for each in clicks] == [(4, True), (1, False), (0, False)]


class CancelledAfter(LongJob):
    """A job that is cancelled once so many are done."""

    def __init__(self, count: int) -> None:
        super().__init__("key", "", shares=OTHER_SHARES[JobKind.ACCEPT])
        self._count = count
        self.percents: list[int] = []

    def done(self, count: int) -> None:
        """Cancels, where it is time."""
        if count >= self._count:
            self.cancel()
        super().done(count)
        self.percents.append(self.view().percent)


def test_what_is_cancelled_stops_after_a_batch_and_the_rest_still_waits(
    mine: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 1)
    know_monthly(mine, 5)
    job = CancelledAfter(3)
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted, progress=job)
    assert (len(accepted.booked), accepted.is_more, accepted.is_cancelled) == (3, True, True)
    assert job.percents == [0, 20, 40]
    assert len(proposed(mine)) == 2
    again = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert (len(again.booked), again.is_cancelled) == (2, False)


def test_one_that_is_cancelled_before_the_first_books_nothing(mine: Book) -> None:
    know_monthly(mine, 2)
    accepted = actions_accept(
        actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted, progress=CancelledAfter(0)
    )
    assert (accepted.booked, accepted.is_more, accepted.is_cancelled) == ((), True, True)


def test_what_was_refused_in_one_batch_is_not_tried_in_the_next(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 1)
    know(CapitalRepayment(AAPL, FRIDAY, Decimal("0.25"), Currency("EUR")), replace(DIVIDEND, ex_date=MONDAY))
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert ([each.amount for each in accepted.booked], len(accepted.refused)) == ([Decimal("5.00")], 1)


def test_what_cannot_be_booked_is_left_with_the_reason_and_the_others_are_booked(mine: Book) -> None:
    take(mine, ActionRule.ALL, ActionRule.UNITS)
    repayment = CapitalRepayment(AAPL, FRIDAY, Decimal("0.25"), Currency("EUR"))
    know(repayment)
    assert outcomes(mine) == [Outcome.BY_HAND]
    take(mine, ActionRule.UNITS)
    know(DIVIDEND)
    accepted = actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert [each.amount for each in accepted.booked] == [Decimal("5.00")]
    assert [each.outcome.fact.action for each in accepted.refused] == [repayment]
    assert isinstance(accepted.refused[0].error, ImpossibleLedger)
    assert [each.fact.action for each in proposed(mine)] == [repayment]
    with pytest.raises(ImpossibleLedger):
        accept(mine, proposed(mine)[0])


# ---------- Dismissing ----------


def test_what_is_dismissed_is_not_taken_by_any_rule_until_it_is_brought_back(mine: Book) -> None:
    know(DIVIDEND)
    (outcome,) = proposed(mine)
    assert dismiss(mine, outcome)
    assert not dismiss(mine, outcome)
    assert (proposed(mine), outcomes(mine)) == ((), [Outcome.DISMISSED])
    assert accept(mine, outcome) is None
    (told,) = dismissals_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert (told.account, told.fact_id, told.by) == (mine.account_id, outcome.fact.id, "alice@example.org")
    take(mine, ActionRule.ALL, ActionRule.UNITS)
    assert outcomes(mine) == [Outcome.DISMISSED]
    assert restore(mine, outcome)
    assert not restore(mine, outcome)
    assert outcomes(mine) == [Outcome.APPLIED]
    assert not dismiss(mine, outcome)  # it is applied by now, and the rule of the account is the way out


def test_a_correction_of_what_was_dismissed_is_proposed_anew(mine: Book) -> None:
    know(DIVIDEND)
    dismiss(mine, proposed(mine)[0])
    know(replace(DIVIDEND, amount=Decimal("0.60")))
    assert [each.fact.action for each in proposed(mine)] == [replace(DIVIDEND, amount=Decimal("0.60"))]


# ---------- Who may ----------


def test_who_may_only_look_changes_nothing_and_what_was_never_held_is_not_found(mine: Book) -> None:
    know(DIVIDEND, CashDividend(IBM, FRIDAY, Decimal(1), USD))
    (outcome,) = proposed(mine)
    viewers = replace(mine, owner=share(mine, "vera", Role.VIEWER))
    assert proposed(viewers) == (outcome,)
    for change in (accept, dismiss, restore):
        with pytest.raises(NotAllowed):
            change(viewers, outcome)
        with pytest.raises(NotFound):
            change(mine, replace(outcome, fact=replace(outcome.fact, id=outcome.fact.id + 1)))
        with pytest.raises(NotFound):
            change(replace(mine, owner=person(f"stranger-{change.__name__}")), outcome)
    with pytest.raises(NotAllowed):
        actions_accept(actor=viewers.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)
    assert booked(mine) == []
