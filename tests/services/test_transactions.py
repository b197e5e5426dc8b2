from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import (
    TRADED,
    Book,
    add,
    book,
    current,
    delete,
    deposit,
    edit,
    history,
    person,
    purchase,
    sale,
    share,
)
from tests.services.wakes import wakes
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity, InvalidDraft, NotFound, VersionConflict
from tickfolio.live.bus.port import PortfolioChanged
from tickfolio.persistence.models import OutboxEntry, TransactionVersion
from tickfolio.persistence.selectors.surroundings import instruments_by_symbol
from tickfolio.persistence.tenancy import Role, System
from tickfolio.services import market, portfolios, transactions
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.market_records import instruments_register
from tickfolio.services.transactions import TransactionView

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def listed(mine: Book) -> tuple[TransactionView, ...]:
    return transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows


def head(mine: Book) -> int:
    return portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head


# ---------- Entered, edited, deleted ----------


def test_transaction_comes_back_as_it_was_entered(mine: Book) -> None:
    added = add(mine, purchase(mine, fees=Decimal("9.95"), note=" first one "))
    assert (added.type, added.symbol, added.quantity, added.price) == ("buy", "AAPL", Decimal(10), Decimal(350))
    assert (added.amount, added.currency, added.fees, added.taxes) == (
        Decimal(3500),
        "USD",
        Decimal("9.95"),
        Decimal(0),
    )
    assert (added.at, added.account_name, added.note, added.version) == (TRADED, "Broker", "first one", 1)
    assert (added.is_deleted, added.recorded_by, added.import_batch_id) == (False, "alice@example.org", None)
    assert current(mine, added) == added
    assert history(mine, added) == (added,)


def test_edit_is_a_new_version_and_the_old_one_stays(mine: Book) -> None:
    added = add(mine, purchase(mine))
    edited = edit(mine, added, purchase(mine, quantity="12", symbol=IBM))
    assert (edited.id, edited.version, edited.quantity, edited.symbol) == (added.id, 2, Decimal(12), "IBM")
    assert history(mine, added) == (edited, added)
    assert listed(mine) == (edited,)


def test_deletion_is_a_version_that_says_so(mine: Book) -> None:
    added = add(mine, purchase(mine))
    bob = share(mine, "bob", Role.EDITOR)
    transactions.transaction_delete(
        actor=bob, portfolio_id=mine.portfolio_id, transaction_id=added.id, expected_version=1
    )
    reversal, entry = history(mine, added)
    assert entry == added
    assert (reversal.version, reversal.is_deleted, reversal.recorded_by) == (2, True, "bob@example.org")
    assert (reversal.quantity, reversal.at, reversal.note) == (entry.quantity, entry.at, entry.note)
    assert current(mine, added) == reversal
    assert listed(mine) == ()


def test_every_change_has_the_next_number_and_a_row_in_the_outbox(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = head(mine)
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        added = add(mine, purchase(mine))
        edited = edit(mine, added, purchase(mine, note="edited"))
        delete(mine, edited)
    assert heard == [PortfolioChanged(mine.portfolio_id, before + step) for step in (1, 2, 3)]
    entries = OutboxEntry.objects.for_actor(mine.owner).filter(sequence__gt=before).order_by("sequence")
    assert [(entry.first_sequence, entry.sequence, entry.kind, entry.version) for entry in entries] == [
        (before + 1, before + 1, "transaction_added", 1),
        (before + 2, before + 2, "transaction_edited", 2),
        (before + 3, before + 3, "transaction_deleted", 3),
    ]
    assert {str(entry.transaction_id) for entry in entries} == {added.id}
    assert [each.ledger_sequence for each in history(mine, added)] == [before + 3, before + 2, before + 1]
    assert head(mine) == before + 3


def test_nothing_wakes_the_engine_before_the_commit(mine: Book) -> None:
    with wakes() as heard:
        add(mine, purchase(mine))
    assert heard == []


def test_edit_keeps_the_place_among_transactions_of_one_moment(mine: Book) -> None:
    first, second = add(mine, deposit(mine, "1.00")), add(mine, deposit(mine, "2.00"))
    edited = edit(mine, first, deposit(mine, "3.00"))
    assert listed(mine) == (second, edited)


def test_system_is_recorded_as_nobody(mine: Book) -> None:
    added = transactions.transaction_add(actor=System("test"), portfolio_id=mine.portfolio_id, draft=deposit(mine))
    assert added.recorded_by == ""


# ---------- Somebody else was quicker ----------


def test_stale_version_is_refused_with_the_current_one(mine: Book) -> None:
    added = add(mine, purchase(mine))
    edit(mine, added, purchase(mine, note="the quicker"))
    before = head(mine)
    with pytest.raises(VersionConflict) as of_edit:
        edit(mine, added, purchase(mine, note="the slower"))
    with pytest.raises(VersionConflict) as of_deletion:
        delete(mine, added)
    assert of_edit.value.current_version == of_deletion.value.current_version == 2
    assert (current(mine, added).note, head(mine)) == ("the quicker", before)


def test_what_was_deleted_meanwhile_conflicts_and_is_gone_for_who_knows(mine: Book) -> None:
    added = add(mine, purchase(mine))
    delete(mine, added)
    with pytest.raises(VersionConflict) as conflict:
        edit(mine, added, purchase(mine))
    assert conflict.value.current_version == 2
    with pytest.raises(NotFound):
        edit(mine, current(mine, added), purchase(mine))


@pytest.mark.parametrize("transaction_id", ["no id", "00000000-0000-4000-8000-000000000000"])
def test_transaction_that_is_not_there_is_not_found(transaction_id: str, mine: Book) -> None:
    gone = replace(add(mine, deposit(mine)), id=transaction_id)
    for ask in (current, history, delete):
        with pytest.raises(NotFound, match="transaction"):
            ask(mine, gone)


# ---------- What the ledger refuses ----------


def test_sale_of_more_than_is_held_is_refused_with_the_shortfall_and_the_date(mine: Book) -> None:
    add(mine, purchase(mine))
    before = head(mine)
    with pytest.raises(InsufficientQuantity, match=r"2011-03-02.*2 more") as refusal:
        add(mine, sale(mine, quantity="12", at=TRADED + DAY))
    assert refusal.value.shortfall == 2
    assert (head(mine), len(listed(mine))) == (before, 1)
    assert TransactionVersion.objects.for_actor(mine.owner).count() == 1


def test_sale_before_the_purchase_is_refused(mine: Book) -> None:
    add(mine, purchase(mine))
    with pytest.raises(InsufficientQuantity):
        add(mine, sale(mine, at=TRADED - DAY))
    add(mine, sale(mine))


def test_purchase_that_a_later_sale_needs_can_be_neither_shrunk_nor_moved_nor_deleted(mine: Book) -> None:
    bought = add(mine, purchase(mine))
    sold = add(mine, sale(mine, at=TRADED + DAY))
    other = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Other", currency="USD")
    for changed in (
        {"quantity": "9"},
        {"at": TRADED + 2 * DAY},
        {"symbol": IBM},
        {"account_id": other.id},
        {"type": TransactionType.SELL},
    ):
        with pytest.raises(InsufficientQuantity) as refusal:
            edit(mine, bought, purchase(mine, **changed))
        assert refusal.value.transaction in (sold.id, bought.id)
    with pytest.raises(InsufficientQuantity, match="2011-03-02"):
        delete(mine, bought)
    assert history(mine, bought) == (bought,)
    delete(mine, sold)
    delete(mine, bought)


def test_sale_can_be_moved_to_an_account_that_holds_enough(mine: Book) -> None:
    other = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Other", currency="USD")
    add(mine, purchase(mine))
    add(mine, purchase(mine, account_id=other.id, quantity="20"))
    sold = add(mine, sale(mine, at=TRADED + DAY))
    moved = edit(mine, sold, sale(mine, at=TRADED + DAY, quantity="15", account_id=other.id))
    assert moved.account_name == "Other"


def test_split_counts_for_what_can_be_sold(mine: Book) -> None:
    add(mine, purchase(mine))
    split = add(
        mine,
        TransactionDraft(
            type=TransactionType.SPLIT,
            account_id=mine.account_id,
            at=TRADED + DAY,
            symbol=AAPL,
            split_new=2,
            split_old=1,
        ),
    )
    add(mine, sale(mine, quantity="20", at=TRADED + 2 * DAY))
    with pytest.raises(InsufficientQuantity, match="10 more"):
        delete(mine, split)


def test_split_that_leaves_nothing_is_refused(mine: Book) -> None:
    add(mine, purchase(mine, quantity="0.000000000000000001"))
    with pytest.raises(ImpossibleLedger):
        add(
            mine,
            TransactionDraft(
                type=TransactionType.SPLIT,
                account_id=mine.account_id,
                at=TRADED + DAY,
                symbol=AAPL,
                split_new=1,
                split_old=10,
            ),
        )


def test_cash_may_be_overdrawn(mine: Book) -> None:
    add(mine, replace(deposit(mine, "1000000.00"), type=TransactionType.WITHDRAWAL))
    assert len(listed(mine)) == 1


def test_draft_that_makes_no_sense_leaves_nothing_behind(mine: Book) -> None:
    before = head(mine)
    with pytest.raises(InvalidDraft) as refusal:
        add(mine, purchase(mine, quantity="-1", account_id=book(person("bob")).account_id))
    assert set(refusal.value.errors) == {"quantity", "account_id"}
    assert (head(mine), listed(mine)) == (before, ())


# ---------- Instruments that only one portfolio knows ----------


def rights(mine: Book, **parts: Any) -> TransactionDraft:
    return purchase(
        mine, symbol="HLX.R", creates_instrument=True, currency="EUR", instrument_name="Helix rights", **parts
    )


def test_unknown_symbol_is_made_for_this_portfolio_alone(mine: Book) -> None:
    made = add(mine, rights(mine))
    assert (made.symbol, made.currency) == ("HLX.R", "EUR")
    assert add(mine, purchase(mine, symbol="HLX.R")).currency == "EUR"
    with pytest.raises(InvalidDraft):
        add(mine, purchase(mine, symbol="HLX.R", currency="USD"))
    bobs = book(person("bob"))
    with pytest.raises(InvalidDraft) as refusal:
        add(bobs, purchase(bobs, symbol="HLX.R"))
    assert set(refusal.value.errors) == {"symbol"}
    add(bobs, replace(rights(bobs), currency="USD"))


def test_edit_may_make_an_instrument_as_well(mine: Book) -> None:
    edited = edit(mine, add(mine, purchase(mine)), rights(mine))
    assert edited.symbol == "HLX.R"
    assert Symbol("HLX.R") in instruments_by_symbol(mine.portfolio_id, actor=mine.owner)


def test_private_instrument_is_in_no_list_of_the_market(mine: Book) -> None:
    add(mine, rights(mine))
    assert [row.symbol for row in market.instrument_rows(actor=None)] == [AAPL, IBM]
    assert market.today("HLX.R") is None


def test_an_instrument_that_a_feed_comes_to_offer_is_none_of_a_portfolio_with_its_own(mine: Book) -> None:
    add(mine, rights(mine))
    instruments_register(instruments=[instrument(Symbol("HLX.R"))])
    assert add(mine, purchase(mine, symbol="HLX.R", quantity="1")).currency == "EUR"
    known = instruments_by_symbol(mine.portfolio_id, actor=mine.owner, symbols=[Symbol("HLX.R")])
    assert (known[Symbol("HLX.R")].mic, known[Symbol("HLX.R")].currency.code) == ("XXXX", "EUR")
    bobs = book(person("bob"))
    assert add(bobs, purchase(bobs, symbol="HLX.R", quantity="1")).currency == "USD"


def test_refused_transaction_makes_no_instrument(mine: Book) -> None:
    with pytest.raises(InsufficientQuantity):
        add(mine, replace(rights(mine), type=TransactionType.SELL))
    assert Symbol("HLX.R") not in instruments_by_symbol(mine.portfolio_id, actor=mine.owner)
