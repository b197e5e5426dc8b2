"""Previews booked, batches undone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.import_files import (
    booked,
    fates,
    imported,
    ledger_of,
    previewed,
    reasons,
    rows_of,
    said,
    standing,
    table,
    undone,
)
from tests.services.ledger_entries import Book, book, deposit, person, purchase, sale, share
from tickfolio.errors import ImportNotPossible, NotAllowed, NotFound
from tickfolio.persistence.models import LedgerTransaction, OutboxEntry, TransactionVersion
from tickfolio.persistence.tenancy import Role
from tickfolio.services import import_bookings, imports, portfolios, transactions
from tickfolio.services.import_fates import Fate

pytestmark = pytest.mark.django_db

DEPOSIT = "2012-05-20,deposit,,,,5000,USD,,Broker,"
BUY = "2012-05-21,buy,AAPL,10,350,,USD,1,Broker,first"
TWIN = "2012-05-21,buy,IBM,3,190,,USD,0,Broker,"
SELL = "2012-05-22,sell,AAPL,4,360,,USD,0,Broker,"
FILE = (DEPOSIT, BUY, TWIN, TWIN, SELL)


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with one account."""
    return book(person("alice"))


def add(mine: Book, draft: transactions.TransactionDraft) -> transactions.TransactionView:
    """Books a transaction by hand."""
    return transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft)


def delete(mine: Book, view: transactions.TransactionView) -> None:
    """Deletes a transaction by hand."""
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=view.id, expected_version=view.version
    )


def listed(mine: Book) -> tuple[transactions.TransactionView, ...]:
    """Every transaction, oldest first."""
    page = transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id, page_size=1000)
    return tuple(reversed(page.rows))


# ---------- Booking ----------


def test_what_was_shown_is_booked_and_keeps_its_row(mine: Book) -> None:
    batch = previewed(mine, table(*FILE))
    assert booked(mine, batch).booked == 5
    found = {view.id: view for view in listed(mine)}
    assert [view.import_batch_id for view in found.values()] == [batch] * 5
    kept = rows_of(mine, batch)
    assert [row.raw for row in kept] == list(FILE)
    assert {row.transaction_id for row in kept} == set(found)
    assert found[kept[1].transaction_id].note == "first"


def test_one_import_is_one_change_without_a_gap(mine: Book) -> None:
    before = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    imported(mine, table(*FILE))
    entry = OutboxEntry.objects.for_actor(mine.owner).latest("sequence")
    assert (entry.kind, entry.first_sequence, entry.sequence) == ("import_booked", before + 1, before + 5)
    versions = TransactionVersion.objects.for_actor(mine.owner).order_by("ledger_sequence")
    assert list(versions.values_list("ledger_sequence", flat=True)) == list(range(before + 1, before + 6))


def test_the_same_file_twice_adds_nothing(mine: Book) -> None:
    imported(mine, table(*FILE))
    before = ledger_of(mine)
    batch = previewed(mine, table(*FILE))
    assert fates(mine, batch) == ["known"] * 5
    with pytest.raises(ImportNotPossible, match="nothing to book"):
        booked(mine, batch)
    assert ledger_of(mine) == before


def test_two_identical_fills_both_live_and_are_known_one_by_one(mine: Book) -> None:
    imported(mine, table(DEPOSIT, TWIN, TWIN))
    assert sum(text.startswith("buy") for text in said(ledger_of(mine))) == 2
    assert fates(mine, previewed(mine, table(TWIN))) == ["known"]
    assert fates(mine, previewed(mine, table(TWIN, TWIN, TWIN))) == ["known", "known", "new"]


def test_booking_again_answers_the_same_and_books_nothing(mine: Book) -> None:
    batch = previewed(mine, table(*FILE))
    digest = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch).digest
    answers = [
        import_bookings.import_book(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, digest=digest)
        for _ in range(2)
    ]
    assert [answer.booked for answer in answers] == [5, 5]
    assert len(ledger_of(mine)) == 5


def test_a_row_booked_by_hand_is_known(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10", price="350.00"))
    rows = ["2011-03-01T15:00:00Z,buy,AAPL,10,350.0,,USD,,Broker,another note"]
    assert fates(mine, previewed(mine, table(*rows))) == ["known"]
    assert fates(mine, previewed(mine, table(*rows, *rows))) == ["known", "new"]


def test_a_row_that_was_edited_by_hand_since_is_still_known(mine: Book) -> None:
    imported(mine, table(DEPOSIT, BUY))
    view = listed(mine)[1]
    transactions.transaction_edit(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=view.id,
        draft=replace(purchase(mine, quantity="9", price="340"), at=view.at),
        expected_version=1,
    )
    assert fates(mine, previewed(mine, table(DEPOSIT, BUY))) == ["known", "known"]
    edited = "2012-05-21,buy,AAPL,9,340,,USD,0,Broker,"
    assert fates(mine, previewed(mine, table(edited))) == ["known"]
    assert fates(mine, previewed(mine, table(BUY, edited))) == ["known", "new"]


def test_a_deleted_row_comes_back_as_a_new_one(mine: Book) -> None:
    imported(mine, table(DEPOSIT, TWIN, TWIN))
    delete(mine, listed(mine)[1])
    batch = previewed(mine, table(DEPOSIT, TWIN, TWIN))
    assert sorted(fates(mine, batch)) == ["known", "known", "new"]
    booked(mine, batch)
    assert len(ledger_of(mine)) == 3
    assert fates(mine, previewed(mine, table(DEPOSIT, TWIN, TWIN))) == ["known"] * 3


def test_a_ledger_that_changed_since_the_preview_is_shown_before_anything_is_booked(mine: Book) -> None:
    add(mine, purchase(mine, quantity="4"))
    batch = previewed(mine, table(SELL, DEPOSIT))
    shown = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    delete(mine, listed(mine)[0])
    add(mine, replace(deposit(mine, "5000"), at=moment("2012-05-20T00:00:00Z")))
    changed = import_bookings.import_book(
        actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, digest=shown.digest
    )
    assert (changed.booked, changed.changed) == (0, 2)
    assert [(each.line, each.before, each.now) for each in changed.differences] == [
        (2, Fate.NEW, Fate.REFUSED),
        (3, Fate.NEW, Fate.KNOWN),
    ]
    assert "4 are missing" in changed.differences[0].reason
    assert fates(mine, batch) == ["refused", "known"]
    assert len(ledger_of(mine)) == 1


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text)


def test_a_ledger_that_changed_elsewhere_does_not_stand_in_the_way(mine: Book) -> None:
    batch = previewed(mine, table(*FILE))
    shown = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    add(mine, deposit(mine, "1"))
    done = import_bookings.import_book(
        actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, digest=shown.digest
    )
    assert done.booked == 5


def test_a_preview_that_was_decided_anew_in_another_tab_is_shown_again(mine: Book) -> None:
    batch = previewed(mine, table(DEPOSIT.replace("Broker", "Harbor")))
    shown = imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    imports.import_choose(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        batch_id=batch,
        choices=imports.Choices(accounts={"Harbor": mine.account_id}),
    )
    changed = import_bookings.import_book(
        actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, digest=shown.digest
    )
    assert (changed.booked, changed.changed) == (0, 1)
    assert booked(mine, batch).booked == 1


# ---------- Shortfalls ----------


def test_a_sale_of_more_than_there_is_is_refused_alone(mine: Book) -> None:
    batch = previewed(mine, table(BUY, SELL.replace(",4,", ",11,"), SELL, SELL.replace("2012-05-22", "2012-05-23")))
    assert fates(mine, batch) == ["new", "refused", "new", "new"]
    assert reasons(mine, batch)[1] == "Expected at most 10 AAPL, all that is held then, was 11: 1 is missing."
    booked(mine, batch)
    assert len(ledger_of(mine)) == 3


def test_rows_are_weighed_in_the_order_of_the_ledger_and_not_of_the_file(mine: Book) -> None:
    assert fates(mine, previewed(mine, table(SELL, BUY))) == ["new", "new"]
    same_day = [SELL.replace("2012-05-22", "2012-05-21"), BUY]
    assert fates(mine, previewed(mine, table(*same_day))) == ["new", "new"]


def test_what_is_booked_stands_and_a_row_gives_way(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10"))
    add(mine, replace(sale(mine, quantity="10"), at=moment("2012-06-01T15:00:00Z")))
    batch = previewed(mine, table(SELL, DEPOSIT))
    assert fates(mine, batch) == ["refused", "new"]
    assert reasons(mine, batch)[0] == "Would leave 4 AAPL too few for the sale of 10 that is booked on 2012-06-01."
    with_more = previewed(mine, table(SELL, BUY.replace("2012-05-21", "2012-05-25")))
    assert fates(mine, with_more) == ["new", "new"]
    booked(mine, with_more)
    assert len(ledger_of(mine)) == 4


def test_a_split_that_leaves_too_little_gives_way(mine: Book) -> None:
    add(mine, purchase(mine, quantity="10"))
    add(mine, replace(sale(mine, quantity="10"), at=moment("2012-06-01T15:00:00Z")))
    heading = "date,type,symbol,split_new,split_old,account\n"
    batch = previewed(
        mine, table("2012-05-21,split,AAPL,1,10,Broker", "2012-05-22,split,IBM,1,10,Broker", heading=heading)
    )
    assert fates(mine, batch) == ["refused", "new"]


# ---------- Undoing ----------


def test_an_import_is_undone_as_one_reversal_and_can_be_made_again(mine: Book) -> None:
    add(mine, deposit(mine, "1"))
    before = standing(mine)
    batch = imported(mine, table(*FILE))
    with_it = standing(mine)
    head = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    assert undone(mine, batch) == 5
    assert standing(mine) == before
    entry = OutboxEntry.objects.for_actor(mine.owner).latest("sequence")
    assert (entry.kind, entry.first_sequence, entry.sequence) == ("import_undone", head + 1, head + 5)
    assert undone(mine, batch) == 0
    assert fates(mine, previewed(mine, table(*FILE))) == ["new"] * 5
    imported(mine, table(*FILE))
    assert standing(mine) == with_it


def test_a_reversed_transaction_keeps_its_history(mine: Book) -> None:
    batch = imported(mine, table(DEPOSIT))
    view = listed(mine)[0]
    undone(mine, batch)
    history = transactions.transaction_history(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=view.id)
    assert [(version.version, version.is_deleted) for version in history] == [(2, True), (1, False)]
    headers = LedgerTransaction.objects.for_actor(mine.owner).filter(pk=view.id)
    header = headers.select_related("current_version").get()
    assert (header.version, header.is_deleted, header.current_version.version) == (2, True, 2)


def test_what_was_deleted_or_edited_by_hand_is_undone_as_well(mine: Book) -> None:
    batch = imported(mine, table(*FILE))
    views = listed(mine)
    delete(mine, views[0])
    transactions.transaction_edit(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=views[1].id,
        draft=replace(purchase(mine, quantity="20"), at=views[1].at),
        expected_version=1,
    )
    assert undone(mine, batch) == 4
    assert ledger_of(mine) == ()


def test_an_import_that_something_later_needs_is_not_undone(mine: Book) -> None:
    batch = imported(mine, table(DEPOSIT, BUY))
    sold = add(mine, replace(sale(mine, quantity="3"), at=moment("2012-06-01T15:00:00Z")))
    with pytest.raises(
        ImportNotPossible, match=r"was 3: 3 more than the account holds then.*Delete or change that first"
    ):
        undone(mine, batch)
    assert len(ledger_of(mine)) == 3
    delete(mine, sold)
    assert undone(mine, batch) == 2


def test_a_preview_cannot_be_undone(mine: Book) -> None:
    with pytest.raises(ImportNotPossible, match="was a preview"):
        undone(mine, previewed(mine, table(BUY)))


def test_who_may_book_and_undo(mine: Book) -> None:
    batch = previewed(mine, table(DEPOSIT))
    viewer, editor = share(mine, "vera", Role.VIEWER), share(mine, "bob", Role.EDITOR)
    for other, error in ((viewer, NotAllowed), (person("charlie"), NotFound)):
        with pytest.raises(error):
            import_bookings.import_book(actor=other, portfolio_id=mine.portfolio_id, batch_id=batch, digest="")
        with pytest.raises(error):
            import_bookings.import_undo(actor=other, portfolio_id=mine.portfolio_id, batch_id=batch)
    with pytest.raises(NotFound):
        import_bookings.import_book(actor=editor, portfolio_id=mine.portfolio_id, batch_id=batch, digest="")
    booked(mine, batch)
    assert import_bookings.import_undo(actor=editor, portfolio_id=mine.portfolio_id, batch_id=batch) == 1


# ---------- Any file, cut and shuffled ----------


@st.composite
def trades(draw: st.DrawFn) -> list[str]:
    """Rows of trades and cash, at moments of which some are the same, with twins among them."""
    rows = []
    for _ in range(draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(["buy", "buy", "sell", "deposit", "withdrawal", "dividend"]))
        when = draw(st.sampled_from(["2012-05-21", "2012-05-22", "2012-05-22T14:00:00Z", "2012-05-23T14:00:00Z"]))
        units, price = draw(st.integers(1, 4)), draw(st.integers(10, 12))
        symbol = draw(st.sampled_from(["AAPL", "IBM"]))
        cells = {
            "buy": f"{symbol},{units},{price},",
            "sell": f"{symbol},{units},{price},",
            "dividend": f"{symbol},,,{price}",
        }
        account = draw(st.sampled_from(["Broker", "Harbor"]))
        rows.append(f"{when},{kind},{cells.get(kind, f',,,{price}')},USD,,{account},")
    return rows


NEWCOMERS = count()


def fresh() -> Book:
    """An empty portfolio of somebody new."""
    return book(person(f"somebody-{next(NEWCOMERS)}"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trades(), st.randoms(use_true_random=False))
def test_a_shuffled_file_gives_the_same_ledger(rows: list[str], chance: random.Random) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)
    one, other = fresh(), fresh()
    for mine, file in ((one, rows), (other, shuffled)):
        imported(mine, table(*file))
    assert standing(one) == standing(other)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trades(), st.data())
def test_overlapping_files_give_what_the_whole_file_gives(rows: list[str], data: st.DataObject) -> None:
    """Cut between two moments: the order within one follows from the rows and not from the files."""
    ordered = sorted(rows, key=lambda row: row.split(",")[0])
    first = data.draw(st.integers(0, len(ordered)))
    second = data.draw(st.integers(first, len(ordered)))
    days = [row.split(",")[0][:10] for row in ordered]
    early = [row for row, day in zip(ordered, days, strict=True) if second == len(days) or day < days[second]]
    late = [row for row, day in zip(ordered, days, strict=True) if first == 0 or day >= days[first - 1]]
    one, other = fresh(), fresh()
    imported(one, table(*ordered))
    for part in (early, late, early, ordered):
        if part:
            imported(other, table(*part))
    assert standing(other) == standing(one)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trades())
def test_any_file_booked_twice_and_undone_leaves_what_was_there(rows: list[str]) -> None:
    mine = fresh()
    imported(mine, table(DEPOSIT, BUY))
    before = standing(mine)
    batch = imported(mine, table(*rows))
    with_it = standing(mine)
    again = previewed(mine, table(*rows))
    assert "new" not in fates(mine, again)
    assert standing(mine) == with_it
    if "new" in fates(mine, batch):
        undone(mine, batch)
    assert standing(mine) == before
