import pytest
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import Book, book, person, purchase, share
from tickfolio.persistence.selectors.watching import Booking, Watchable, bookings_since, watchable_portfolios
from tickfolio.persistence.tenancy import Person, Role, System
from tickfolio.services import transactions

pytestmark = pytest.mark.django_db
ENGINE = System("engine")


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def test_each_person_has_the_portfolios_they_are_members_of_by_name(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = book(mine.owner, name="Another")
    bob, charlie = share(mine, "bob", Role.EDITOR), person("charlie")
    users = [mine.owner.user_id, bob.user_id, charlie.user_id]
    with django_assert_num_queries(1):
        seen = watchable_portfolios(users, actor=ENGINE)
    assert seen == {
        mine.owner.user_id: (
            Watchable(other.portfolio_id, "Another", "EUR", Role.OWNER),
            Watchable(mine.portfolio_id, "Long term", "EUR", Role.OWNER),
        ),
        bob.user_id: (Watchable(mine.portfolio_id, "Long term", "EUR", Role.EDITOR),),
    }


def test_bookings_are_those_between_two_heads_in_order(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    added = [
        transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
        for _ in range(3)
    ]
    first = added[0].ledger_sequence
    with django_assert_num_queries(1):
        booked = bookings_since(mine.portfolio_id, first, actor=ENGINE, upto=first + 1)
    assert booked == (Booking(first + 1, "transaction_added", added[1].id),)
    assert [one.sequence for one in bookings_since(mine.portfolio_id, first - 1, actor=ENGINE, upto=first + 9)] == [
        first,
        first + 1,
        first + 2,
    ]


def test_bookings_of_anothers_portfolio_are_none(mine: Book) -> None:
    stranger: Person = person("charlie")
    assert bookings_since(mine.portfolio_id, 0, actor=stranger, upto=99) == ()
