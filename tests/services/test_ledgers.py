import threading
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import book, deposit, person, purchase
from tickfolio.domain.ledger.transactions import Buy, Deposit
from tickfolio.domain.money import Currency
from tickfolio.errors import NotFound
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import System
from tickfolio.services.ledgers import MOST_PORTFOLIOS, Shelf, _Shelves, _shelves, book_of, booked_at_hand, shelf_of
from tickfolio.services.portfolios import portfolio_delete, portfolio_update
from tickfolio.services.transactions import transaction_add, transaction_delete, transaction_edit


@pytest.mark.django_db
def test_the_book_holds_what_was_booked_in_the_owners_terms() -> None:
    mine = book(person("alice"))
    User.objects.filter(pk=mine.owner.user_id).update(time_zone="Europe/Berlin")
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    held = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert (held.book.base, held.book.zone.key) == (Currency("EUR"), "Europe/Berlin")
    assert [account.name for account in held.book.accounts] == ["Broker"]
    assert [type(each) for each in held.book.transactions] == [Deposit, Buy]
    assert {"AAPL", "IBM"} <= set(held.book.instruments)


@pytest.mark.django_db
def test_a_stranger_finds_no_book() -> None:
    mine = book(person("alice"))
    charlie = person("charlie")
    with pytest.raises(NotFound):
        book_of(actor=charlie, portfolio_id=mine.portfolio_id)


@pytest.mark.django_db(transaction=True)
def test_only_what_is_new_is_read_and_nothing_where_nothing_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = book(person("alice"))
    reader = System("a test")
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    first = book_of(actor=reader, portfolio_id=mine.portfolio_id)
    with django_assert_num_queries(2):
        assert book_of(actor=reader, portfolio_id=mine.portfolio_id).book is first.book
    bought = transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    second = book_of(actor=reader, portfolio_id=mine.portfolio_id)
    assert second.head > first.head
    assert second.book.transactions[0] is first.book.transactions[0]
    edited = purchase(mine, quantity="7")
    transaction_edit(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=bought.id, draft=edited, expected_version=1
    )
    third = book_of(actor=reader, portfolio_id=mine.portfolio_id).book.transactions
    assert [each.quantity for each in third if isinstance(each, Buy)] == [Decimal(7)]
    transaction_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=bought.id, expected_version=2)
    fourth = book_of(actor=reader, portfolio_id=mine.portfolio_id).book.transactions
    assert [type(each) for each in fourth] == [Deposit]


@pytest.mark.django_db(transaction=True)
def test_what_is_at_hand_is_the_ledger_as_it_is_now_or_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = book(person("alice"))
    head = transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine)).ledger_sequence
    assert booked_at_hand(mine.portfolio_id, head=head) is None
    book_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    with django_assert_num_queries(0):
        at_hand = booked_at_hand(mine.portfolio_id, head=head)
        assert at_hand is not None
        assert [type(each) for each in at_hand] == [Deposit]
        # Who holds the portfolio waits for nobody who is about to read it.
        shelf, taken, may_go = _shelves.of(mine.portfolio_id), threading.Event(), threading.Event()

        def reads() -> None:
            with shelf.lock:
                taken.set()
                may_go.wait(30)

        reader = threading.Thread(target=reads)
        reader.start()
        taken.wait(30)
        assert booked_at_hand(mine.portfolio_id, head=head) is None
        may_go.set()
        reader.join()
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    assert booked_at_hand(mine.portfolio_id, head=head + 1) is None


@pytest.mark.django_db(transaction=True)
def test_a_changed_currency_zone_or_account_makes_another_book() -> None:
    mine = book(person("alice"))
    book_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    assert book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book.base == Currency("USD")
    User.objects.filter(pk=mine.owner.user_id).update(time_zone="Asia/Tokyo")
    assert book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book.zone.key == "Asia/Tokyo"


@pytest.mark.django_db(transaction=True)
def test_a_deleted_portfolio_is_gone_although_it_was_kept() -> None:
    mine = book(person("alice"))
    book_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    with pytest.raises(NotFound):
        book_of(actor=System("a test"), portfolio_id=mine.portfolio_id)


@pytest.mark.django_db(transaction=True)
def test_a_portfolio_lives_on_and_takes_what_is_booked() -> None:
    mine = book(person("alice"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        shelf.refresh()
        living = shelf.living()
        assert shelf.living() is living
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        shelf.refresh()
        assert shelf.living() is living


def test_the_portfolio_not_asked_for_the_longest_makes_room() -> None:
    shelves = _Shelves(make=Shelf, most=2)
    first, second = shelves.of("a"), shelves.of("b")
    assert shelves.of("a") is first
    shelves.of("c")
    assert shelves.of("a") is first
    assert shelves.of("b") is not second
    assert MOST_PORTFOLIOS >= 2
