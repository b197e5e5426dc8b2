"""Files previewed and decided about."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.services.import_files import (
    account_names,
    booked,
    choose,
    fates,
    imported,
    ledger_of,
    notes,
    previewed,
    reasons,
    rows_of,
    said,
    table,
)
from tests.services.ledger_entries import Book, book, deposit, person, purchase, share
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import ImportNotPossible, InvalidValue, NotAllowed, NotFound, UnknownStatement
from tickfolio.persistence.models import ImportBatch, ImportRow
from tickfolio.persistence.tenancy import Person, Role, System
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services import imports, portfolios, transactions
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.import_fates import Fate
from tickfolio.services.imports import MOST_PREVIEWS, Choices, SymbolChoice

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "statements" / "files"
BUY = "2012-05-21,buy,AAPL,10,350,,USD,1,Broker,first"
SELL = "2012-05-22,sell,AAPL,4,360,,USD,0,Broker,"


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with one account; AAPL and IBM can be traded."""
    return book(person("alice"))


def view(mine: Book, batch: str) -> imports.Preview:
    """A preview as its owner sees it."""
    return imports.import_view(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)


def test_rows_of_the_moment_of_what_is_booked_may_have_its_numbers(mine: Book) -> None:
    split = Split(Symbol("AAPL"), date(2012, 5, 25), new=2, old=1)
    actions_record(actions=[split], source="operator", at=SystemClock().now())
    imported(mine, table(*(f"2012-05-21,buy,AAPL,{number},350,,USD,1,Broker,first" for number in (1, 2, 3))))
    more = table(*(f"2012-05-21,buy,AAPL,{number},351,,USD,1,Broker,second" for number in (4, 5, 6)))
    assert fates(mine, previewed(mine, more)) == ["new"] * 3
    imported(mine, more)


def test_a_preview_shows_every_row_with_its_fate_and_books_nothing(mine: Book) -> None:
    transactions.transaction_add(
        actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "100", note="by hand")
    )
    before = ledger_of(mine)
    content = table(
        "2011-03-01T15:00:00Z,deposit,,,,100,USD,,Broker,",
        BUY,
        SELL,
        "2012-05-23,sell,AAPL,7,1,,USD,0,Broker,",
        "nonsense",
    )
    batch = previewed(mine, content)
    assert fates(mine, batch) == ["known", "new", "new", "refused", "refused"]
    assert reasons(mine, batch)[3:] == [
        "Expected at most 6 AAPL, all that is held then, was 7: 1 is missing.",
        "Expected 10 cells as in the heading, were 1.",
    ]
    assert [row.raw for row in rows_of(mine, batch)] == content.decode().splitlines()[1:]
    shown = view(mine, batch)
    assert shown.counts == {Fate.NEW: 2, Fate.KNOWN: 1, Fate.ASKS: 0, Fate.REFUSED: 2}
    assert {code: str(amount) for code, amount in shown.cash.items()} == {"USD": "-2061"}
    assert ledger_of(mine) == before


def test_rows_are_shown_by_fate_and_by_page(mine: Book) -> None:
    rows = [f"2012-05-21,deposit,,,,{number},USD,,Broker," for number in range(1, 241)]
    batch = previewed(mine, table(*rows, "nonsense"))

    def page(number: int, fate: Fate | None = None) -> imports.RowPage:
        return imports.import_rows(
            actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch, fate=fate, page=number
        )

    assert (len(page(1).rows), page(1).pages) == (100, 3)
    assert [row.line for row in page(99).rows] == list(range(202, 243))
    assert [row.line for row in page(1, Fate.REFUSED).rows] == [242]
    assert (page(1, Fate.KNOWN).rows, page(1, Fate.KNOWN).pages) == ((), 1)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(mine: Book) -> None:
    with pytest.raises(UnknownStatement, match="Expected columns"):
        previewed(mine, b"colour,taste\nblue,sour\n")
    assert not ImportBatch.objects.for_actor(System("test of imports")).exists()


# ---------- Deciding ----------


def test_a_question_of_the_file_is_answered_for_all_its_rows(mine: Book) -> None:
    batch = previewed(mine, (SAMPLES / "ghostfolio_ambiguous.csv").read_bytes())
    assert fates(mine, batch) == ["asks", "asks", "new", "new"]
    assert [subject for subject, _, _ in view(mine, batch).questions] == ["day_order"]
    choose(mine, batch, answers={"day_order": "day_first"})
    assert fates(mine, batch) == ["new", "new", "new", "new"]
    assert view(mine, batch).questions == ()
    choose(mine, batch, answers={"day_order": "month_first"})
    days = [row.entry.at.isoformat() for row in rows_of(mine, batch) if row.entry]
    assert days[:2] == ["2021-03-04", "2021-05-06"]


def test_an_answer_that_there_is_not_is_refused(mine: Book) -> None:
    batch = previewed(mine, (SAMPLES / "ghostfolio_ambiguous.csv").read_bytes())
    with pytest.raises(InvalidValue, match="one of the answers"):
        choose(mine, batch, answers={"day_order": "year_first"})


def test_accounts_are_found_by_name_or_made_on_booking(mine: Book) -> None:
    batch = previewed(mine, table(BUY.replace("Broker", " broker "), BUY.replace("Broker", "Harbor")))
    shown = {
        choice.name: (choice.account.name if choice.account else None, choice.is_new)
        for choice in view(mine, batch).accounts
    }
    assert shown == {"broker": ("Broker", False), "Harbor": ("Harbor", True)}
    assert set(account_names(mine).values()) == {"Broker"}
    booked(mine, batch)
    assert sorted(account_names(mine).values()) == ["Broker", "Harbor"]
    made = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).accounts
    assert {account.name: account.currency for account in made} == {"Broker": "USD", "Harbor": "EUR"}


def test_another_account_may_be_chosen_and_then_a_new_one_again(mine: Book) -> None:
    batch = previewed(mine, table(BUY.replace("Broker", "Harbor")))
    choose(mine, batch, accounts={"Harbor": mine.account_id})
    assert [choice.is_new for choice in view(mine, batch).accounts] == [False]
    choose(mine, batch, accounts={"Harbor": "new"})
    assert [choice.is_new for choice in view(mine, batch).accounts] == [True]
    choose(mine, batch, accounts={"Harbor": mine.account_id})
    booked(mine, batch)
    assert set(account_names(mine).values()) == {"Broker"}


def test_rows_that_name_no_account_are_of_the_only_one_or_need_somebody_to_say_it(mine: Book) -> None:
    nameless = table(BUY.replace("Broker", ""))
    assert fates(mine, previewed(mine, nameless)) == ["new"]
    portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Bank", currency="EUR")
    batch = previewed(mine, nameless)
    assert fates(mine, batch) == ["asks"]
    assert reasons(mine, batch) == ["Choose the account of rows that name none."]
    choose(mine, batch, accounts={"": mine.account_id})
    assert fates(mine, batch) == ["new"]
    choose(mine, batch, accounts={"": "new"})
    assert [choice.account.name for choice in view(mine, batch).accounts if choice.account] == ["Imported"]


def test_an_account_of_an_id_that_is_another_s_is_not_taken(mine: Book) -> None:
    other = book(person("bob"))
    batch = previewed(mine, table(BUY.replace("Broker", "")))
    choose(mine, batch, accounts={"": other.account_id})
    assert [choice.account.id for choice in view(mine, batch).accounts if choice.account] == [mine.account_id]


def test_a_file_of_very_many_accounts_is_refused(mine: Book) -> None:
    with pytest.raises(ImportNotPossible, match="at most 50 new accounts, were 51"):
        previewed(mine, table(*(BUY.replace("Broker", f"Depot {number}") for number in range(51))))


def test_what_is_no_symbol_needs_one_and_gets_it(mine: Book) -> None:
    batch = previewed(mine, (SAMPLES / "ghostfolio.csv").read_bytes())
    assert fates(mine, batch)[3] == "asks"
    assert view(mine, batch).symbols == (SymbolChoice("Penthouse Apartment", "", ""),)
    choose(mine, batch, symbols={"Penthouse Apartment": "not a symbol"})
    assert fates(mine, batch)[3] == "asks"
    choose(mine, batch, symbols={"Penthouse Apartment": " penthouse "})
    assert fates(mine, batch)[3] == "new"
    assert view(mine, batch).symbols == (SymbolChoice("Penthouse Apartment", "PENTHOUSE", ""),)
    choose(mine, batch, symbols={"Penthouse Apartment": ""})
    assert fates(mine, batch)[3] == "asks"


def test_a_symbol_of_another_currency_asks_for_another_symbol(mine: Book) -> None:
    batch = previewed(mine, table(BUY.replace("USD", "EUR")))
    assert fates(mine, batch) == ["asks"]
    assert "Expected USD, the currency of AAPL, was EUR." in reasons(mine, batch)[0]
    choose(mine, batch, symbols={"AAPL": "APC.DE"})
    assert fates(mine, batch) == ["new"]
    assert notes(mine, batch) == ("No feed offers APC.DE: it is kept in this portfolio, without a price.",)


def test_an_unknown_symbol_is_made_for_this_portfolio_alone_and_in_one_currency(mine: Book) -> None:
    rows = [BUY.replace("AAPL", "SHED").replace("USD", code) for code in ("EUR", "EUR", "CHF")]
    rows[1] = rows[1].replace("350", "351")
    batch = previewed(mine, table(*rows, "2012-05-23,sell,SHED,2,1,,EUR,0,Broker,"))
    assert fates(mine, batch) == ["new", "new", "refused", "new"]
    assert "Expected EUR, the currency of SHED, was CHF." in reasons(mine, batch)[2]
    booked(mine, batch)
    assert fates(mine, previewed(mine, table(*rows))) == ["known", "known", "refused"]
    others = book(person("bob"))
    assert "No feed offers SHED" in notes(others, previewed(others, table(rows[0])))[0]


def test_the_fee_of_a_dividend_is_asked_for_once(mine: Book) -> None:
    batch = previewed(mine, (SAMPLES / "ghostfolio.json").read_bytes())
    asked = [row.line for row in rows_of(mine, batch) if row.fate == "asks"]
    assert asked == [20, 21]
    choose(mine, batch, answers={"dividend_fee": "tax"})
    assert [row.line for row in rows_of(mine, batch) if row.fate == "asks"] == [21]


# ---------- Whose it is ----------


def test_a_preview_is_its_maker_s_and_nobody_else_s(mine: Book) -> None:
    editor = share(mine, "bob", Role.EDITOR)
    stranger = person("charlie")
    batch = previewed(mine, table(BUY))
    for other in (editor, stranger):
        with pytest.raises(NotFound):
            imports.import_view(actor=other, portfolio_id=mine.portfolio_id, batch_id=batch)
        with pytest.raises(NotFound):
            imports.import_rows(actor=other, portfolio_id=mine.portfolio_id, batch_id=batch)
        with pytest.raises(NotFound):
            imports.import_choose(actor=other, portfolio_id=mine.portfolio_id, batch_id=batch, choices=Choices())
        with pytest.raises(NotFound):
            imports.import_drop(actor=other, portfolio_id=mine.portfolio_id, batch_id=batch)
    booked(mine, batch)
    seen = imports.import_view(actor=editor, portfolio_id=mine.portfolio_id, batch_id=batch)
    assert seen.batch.created_by == "alice@example.org"
    assert [batch.file_name for batch in imports.imports_of(actor=editor, portfolio_id=mine.portfolio_id)] == [
        "trades.csv"
    ]
    with pytest.raises(NotFound):
        imports.imports_of(actor=stranger, portfolio_id=mine.portfolio_id)


def test_a_viewer_may_not_import(mine: Book) -> None:
    viewer = share(mine, "vera", Role.VIEWER)
    batch = previewed(mine, table(BUY))
    with pytest.raises(NotAllowed):
        previewed(mine, table(BUY), actor=viewer)
    with pytest.raises(NotAllowed):
        imports.imports_of(actor=viewer, portfolio_id=mine.portfolio_id)
    with pytest.raises(NotAllowed):
        imports.import_view(actor=viewer, portfolio_id=mine.portfolio_id, batch_id=batch)


def test_a_batch_of_another_portfolio_is_not_found(mine: Book) -> None:
    other = book(mine.owner, name="Pension")
    batch = previewed(mine, table(BUY))
    for wrong in (batch, "0", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(NotFound):
            imports.import_view(actor=mine.owner, portfolio_id=other.portfolio_id, batch_id=wrong)


def test_a_preview_that_was_dropped_or_is_over_is_gone(mine: Book) -> None:
    batch = previewed(mine, table(BUY))
    imports.import_drop(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)
    with pytest.raises(NotFound):
        view(mine, batch)
    over = previewed(mine, table(BUY))
    batches = ImportBatch.objects.for_actor(mine.owner).filter(pk=over)
    batches.update(expires_at=batches.get().created_at - timedelta(seconds=1))
    with pytest.raises(NotFound):
        view(mine, over)
    previewed(mine, table(SELL))
    assert not batches.exists()
    assert not ImportRow.objects.for_actor(mine.owner).filter(batch_id=uuid.UUID(over)).exists()


def test_only_the_newest_previews_of_a_person_are_kept(mine: Book) -> None:
    made = [previewed(mine, table(BUY)) for _ in range(MOST_PREVIEWS + 2)]
    kept = ImportBatch.objects.for_actor(mine.owner).values_list("pk", flat=True)
    assert {str(key) for key in kept} == set(made[2:])


def test_a_file_that_was_booked_before_says_so(mine: Book) -> None:
    imported(mine, table(BUY))
    assert view(mine, previewed(mine, table(BUY))).was_booked
    assert not view(mine, previewed(mine, table(SELL))).was_booked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\files\\a.csv", "a.csv"),
        ("../../etc/x", "x"),
        ("a\nb\x00.csv", "ab.csv"),
        ("", "file"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_file_is_shown_by_its_name_alone(mine: Book, name: str, shown: str) -> None:
    assert view(mine, previewed(mine, table(BUY), name=name)).batch.file_name == shown


def test_the_choices_of_a_booked_file_are_made(mine: Book) -> None:
    batch = imported(mine, table(BUY))
    with pytest.raises(ImportNotPossible, match="Expected a preview"):
        choose(mine, batch, accounts={"Broker": "new"})
    with pytest.raises(ImportNotPossible, match="Expected a preview"):
        imports.import_drop(actor=mine.owner, portfolio_id=mine.portfolio_id, batch_id=batch)


def test_a_day_without_a_time_is_the_moment_that_the_forms_give_it(mine: Book) -> None:
    by_hand = purchase(mine, quantity="10", price="350")
    transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=by_hand)
    imported(mine, table("2012-05-21,buy,AAPL,1,350,,USD,0,Broker,", "2012-05-21,deposit,,,,5,USD,,Broker,"))
    assert said(ledger_of(mine))[1:] == [
        "deposit|2012-05-21T00:00:00+00:00|5 USD",
        "buy|2012-05-21T20:00:00+00:00|AAPL|1|350|350 USD|0 USD|0 USD|",
    ]


def test_what_waits_is_the_persons_own_and_not_what_can_be_booked(mine: Book) -> None:
    editor = share(mine, "erin", Role.EDITOR)
    previewed(mine, table(BUY))
    batch = previewed(mine, table(BUY, "nonsense"), name="bad.csv")

    def waiting(actor: Person) -> list[tuple[str, str, int, int]]:
        found = imports.imports_waiting(actor=actor, portfolio_id=mine.portfolio_id)
        return [(each.batch_id, each.file_name, each.asking, each.refused) for each in found]

    assert waiting(mine.owner) == [(batch, "bad.csv", 0, 1)]
    assert waiting(editor) == []
    ImportBatch.objects.for_actor(mine.owner).update(expires_at=SystemClock().now())
    assert waiting(mine.owner) == []
