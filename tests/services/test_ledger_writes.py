from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.services.every_type import bank_of, drafted
from tests.services.ledger_entries import TRADED, Book, add, book, delete, deposit, edit, person, purchase, sale
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import AccountInUse, ImpossibleLedger, InsufficientQuantity
from tickfolio.persistence.ledger_mappers import transaction_from
from tickfolio.persistence.models import ImportBatch, LedgerTransaction, OutboxEntry, TransactionVersion
from tickfolio.services import ledger_writes, transactions
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import LotDraft, TransactionDraft
from tickfolio.services.ledger_writes import (
    NewEntry,
    append,
    next_sequence,
    refuse_impossible,
    reverse,
    surroundings_of,
    transaction_ids,
    version_like,
)
from tickfolio.services.ledgers import book_of
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.services.portfolios import account_delete

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def held(mine: Book) -> Any:
    return held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK)


def entries(portfolio: HeldPortfolio, *drafts: TransactionDraft, fingerprint: str = "") -> list[NewEntry]:
    surroundings = surroundings_of(portfolio, ["AAPL", "IBM", "HLX"])  # type: ignore[list-item]
    first = next_sequence(portfolio)
    return [
        NewEntry(
            read=read_draft(draft, surroundings=surroundings, transaction_id=key, sequence=first + number),
            fingerprint=fingerprint and f"{fingerprint} {number}",
        )
        for number, (draft, key) in enumerate(zip(drafts, transaction_ids(len(drafts)), strict=True))
    ]


def batch(portfolio: HeldPortfolio) -> uuid.UUID:
    made = ImportBatch(portfolio_id=portfolio.row.pk, created_at=portfolio.at)
    made.save(force_insert=True)
    return made.pk


def headers(mine: Book) -> list[LedgerTransaction]:
    rows = LedgerTransaction.objects.for_actor(mine.owner).select_related("current_version")
    return list(rows.order_by("entry_sequence"))


def sequences(mine: Book) -> list[int]:
    rows = TransactionVersion.objects.for_actor(mine.owner).order_by("ledger_sequence")
    return list(rows.values_list("ledger_sequence", flat=True))


def test_many_are_booked_with_numbers_that_follow_and_one_row_in_the_outbox(mine: Book) -> None:
    with held(mine) as portfolio:
        first, batch_id = next_sequence(portfolio), batch(portfolio)
        drafts = [purchase(mine), deposit(mine), sale(mine, at=TRADED + HOUR)]
        append(portfolio, entries(portfolio, *drafts, fingerprint="row"), kind=Kind.IMPORT_BOOKED, batch_id=batch_id)
    assert sequences(mine) == [first, first + 1, first + 2]
    entry = OutboxEntry.objects.for_actor(mine.owner).latest("sequence")
    assert (entry.first_sequence, entry.sequence, entry.kind) == (first, first + 2, "import_booked")
    assert (entry.transaction_id, entry.version, entry.import_batch_id) == (None, None, batch_id)
    assert {header.current_version.import_batch_id for header in headers(mine)} == {batch_id}
    assert [header.fingerprint for header in headers(mine)] == ["row 0", "row 1", "row 2"]


def test_many_are_reversed_together(mine: Book) -> None:
    with held(mine) as portfolio:
        append(portfolio, entries(portfolio, purchase(mine), sale(mine, at=TRADED + HOUR)))
    with held(mine) as portfolio:
        first = next_sequence(portfolio)
        reverse(portfolio, headers(mine), kind=Kind.IMPORT_UNDONE)
    assert [(header.version, header.is_deleted) for header in headers(mine)] == [(2, True), (2, True)]
    assert sequences(mine)[-2:] == [first, first + 1]
    entry = OutboxEntry.objects.for_actor(mine.owner).latest("sequence")
    assert (entry.first_sequence, entry.sequence, entry.kind) == (first, first + 1, "import_undone")


def test_one_that_cannot_be_refuses_all(mine: Book) -> None:
    def book_all() -> None:
        with held(mine) as portfolio:
            append(portfolio, entries(portfolio, deposit(mine), purchase(mine), sale(mine, quantity="11")))

    with pytest.raises(InsufficientQuantity, match="1 more"):
        book_all()
    assert (headers(mine), sequences(mine)) == ([], [])


def test_header_is_what_the_newest_version_says(mine: Book) -> None:
    added = add(mine, purchase(mine))
    edit(mine, added, deposit(mine, at=TRADED + HOUR))
    (header,) = headers(mine)
    version = header.current_version
    for column in ("account_id", "version", "is_deleted", "type", "at", "symbol", "fingerprint", "entry_sequence"):
        assert getattr(header, column) == getattr(version, column), column
    assert (header.version, header.type, header.symbol) == (2, "deposit", "")


def test_fingerprint_lives_once_in_an_account_and_stays_with_an_edit(mine: Book) -> None:
    with held(mine) as portfolio:
        append(portfolio, entries(portfolio, deposit(mine), fingerprint="row"))
    (header,) = headers(mine)
    shown = transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id).rows[0]
    edited = edit(mine, shown, deposit(mine, "1.00"))
    assert headers(mine)[0].fingerprint == "row 0"

    def book_again() -> None:
        with transaction.atomic(), held(mine) as portfolio:
            append(portfolio, entries(portfolio, deposit(mine), fingerprint="row"))

    with pytest.raises(IntegrityError):
        book_again()
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=str(header.pk), expected_version=edited.version
    )
    book_again()
    assert [each.is_deleted for each in headers(mine)] == [True, False]


def test_new_instrument_that_two_entries_name_is_made_once(mine: Book) -> None:
    new = replace(purchase(mine), symbol="HLX", creates_instrument=True, currency="EUR")
    with held(mine) as portfolio:
        append(portfolio, entries(portfolio, new, new))
    assert [header.symbol for header in headers(mine)] == ["HLX", "HLX"]


def test_only_what_is_booked_of_the_instrument_is_read(mine: Book) -> None:
    add(mine, purchase(mine, symbol="IBM"))
    add(mine, purchase(mine))
    with held(mine) as portfolio, CaptureQueriesContext(connection) as queries:
        coming = [entry.read.transaction for entry in entries(portfolio, sale(mine), deposit(mine))]
        before = len(queries)
        refuse_impossible(portfolio, added=coming)
        links, booked, accounts = (query["sql"] for query in queries.captured_queries[before:])
    assert "'IBM'" not in booked
    assert all("'merger'" in sql and "'buy'" not in sql for sql in [links])
    assert '"account"' in accounts


def test_statements_do_not_grow_with_the_entries(mine: Book) -> None:
    def statements(count: int) -> int:
        with held(mine) as portfolio:
            coming = entries(portfolio, *[deposit(mine)] * count)
            with CaptureQueriesContext(connection) as queries:
                append(portfolio, coming)
        return len(queries)

    assert statements(1) == statements(20)


# ---------- What hangs together ----------


def with_a_bank(mine: Book) -> Book:
    return replace(mine, account_id=bank_of(mine))


def handed_over(mine: Book, bank: Book, **parts: Any) -> TransactionDraft:
    draft = drafted(TransactionType.TRANSFER_OUT, mine, 0, symbol="AAPL", quantity="6", to_account_id=bank.account_id)
    return replace(draft, at=TRADED + HOUR, **parts)


def test_what_was_handed_over_can_be_sold_there_and_no_more_of_it(mine: Book) -> None:
    bank = with_a_bank(mine)
    add(mine, purchase(mine, quantity="10"))
    add(mine, handed_over(mine, bank))
    with pytest.raises(InsufficientQuantity, match="at most 6 AAPL"):
        add(mine, sale(bank, quantity="7", at=TRADED + 2 * HOUR))
    add(mine, sale(bank, quantity="6", at=TRADED + 2 * HOUR))
    with pytest.raises(InsufficientQuantity, match="at most 4 AAPL"):
        add(mine, sale(mine, quantity="5", at=TRADED + 2 * HOUR))


def test_a_transfer_that_a_sale_elsewhere_needs_can_neither_shrink_nor_go(mine: Book) -> None:
    bank = with_a_bank(mine)
    bought = add(mine, purchase(mine, quantity="10"))
    moved = add(mine, handed_over(mine, bank))
    add(mine, sale(bank, quantity="6", at=TRADED + 2 * HOUR))
    for attempt in (
        lambda: edit(mine, moved, handed_over(mine, bank, quantity=Decimal(5))),
        lambda: edit(mine, moved, handed_over(mine, bank, to_account_id=None)),
        lambda: edit(mine, bought, purchase(mine, quantity="5")),
        lambda: delete(mine, moved),
        lambda: delete(mine, bought),
    ):
        with pytest.raises(InsufficientQuantity):
            attempt()
    edit(mine, bought, purchase(mine, quantity="6"))


def test_a_chain_of_symbols_is_folded_from_its_beginning(mine: Book) -> None:
    bought = add(mine, purchase(mine, quantity="10"))
    new = {"new_symbol": "NEWCO", "creates_instrument": True}
    merged = drafted(TransactionType.MERGER, mine, 0, symbol="AAPL", split_new=1, split_old=2, **new)
    add(mine, replace(merged, at=TRADED + HOUR))
    renamed = drafted(TransactionType.SYMBOL_CHANGE, mine, 0, symbol="NEWCO", new_symbol="IBM")
    add(mine, replace(renamed, at=TRADED + 2 * HOUR))
    add(mine, sale(mine, symbol="IBM", quantity="5", at=TRADED + 3 * HOUR))
    with pytest.raises(InsufficientQuantity, match="at most 4 IBM"):
        edit(mine, bought, purchase(mine, quantity="8"))


def test_a_chosen_lot_must_still_be_there(mine: Book) -> None:
    first, _ = add(mine, purchase(mine, quantity="10")), add(mine, purchase(mine, quantity="10"))
    lots = (LotDraft(quantity=Decimal(8), transaction_id=first.id),)
    add(mine, sale(mine, quantity="9", at=TRADED + HOUR, lots=lots))
    with pytest.raises(ImpossibleLedger, match="at most 1 AAPL of the lot that was chosen"):
        add(mine, sale(mine, quantity="3", at=TRADED + 2 * HOUR, lots=(replace(lots[0], quantity=Decimal(3)),)))
    with pytest.raises(ImpossibleLedger, match="of the lot that was chosen"):
        delete(mine, first)


def test_an_account_that_something_was_handed_over_to_cannot_be_deleted(mine: Book) -> None:
    bank = with_a_bank(mine)
    add(mine, purchase(mine, quantity="10"))
    add(mine, handed_over(mine, bank))
    with pytest.raises(AccountInUse):
        account_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=bank.account_id)


@pytest.mark.django_db(transaction=True)
def test_many_positions_are_folded_out_of_memory_and_refused_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = book(person("alice"))
    bought, sold = add(mine, purchase(mine)), add(mine, sale(mine, at=TRADED + HOUR))
    add(mine, purchase(mine, symbol="IBM"))
    monkeypatch.setattr(ledger_writes, "FEW_POSITIONS", 0)
    book_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    monkeypatch.setattr(ledger_writes, "transactions_of_positions", lambda *_, **__: pytest.fail("asked the database"))
    of = {str(header.pk): header for header in headers(mine)}
    with pytest.raises(InsufficientQuantity), held(mine) as portfolio:
        reverse(portfolio, [of[bought.id]])
    with held(mine) as portfolio:
        reverse(portfolio, [of[bought.id], of[sold.id]])
    assert [header.is_deleted for header in headers(mine)] == [True, True, False]


def test_what_is_the_same_before_and_after_is_not_folded(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    add(mine, purchase(mine))
    monkeypatch.setattr(ledger_writes, "refuse_impossible_groups", lambda *_, **__: pytest.fail("folded"))
    [header] = headers(mine)
    with held(mine) as portfolio:
        changed = version_like(portfolio, header.current_version, version=2, ledger_sequence=9, note="seen")
        refuse_impossible(
            portfolio, added=[transaction_from(changed)], removed=[transaction_from(header.current_version)]
        )
