from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.services.ledger_entries import Book, add, book, deposit, person, share
from tests.services.wakes import wakes
from tickfolio.errors import NotAllowed, NotFound
from tickfolio.live.bus.port import PortfolioChanged
from tickfolio.persistence.models import Membership, OutboxEntry
from tickfolio.persistence.selectors.portfolios import heads_of
from tickfolio.persistence.tenancy import Role, System
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import SQLITE_WRITERS, Kind, held_portfolio
from tickfolio.services.portfolios import portfolio_delete

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def sequences(mine: Book) -> list[tuple[int, int]]:
    entries = OutboxEntry.objects.for_actor(mine.owner).order_by("sequence")
    return list(entries.values_list("first_sequence", "sequence"))


def test_changes_are_numbered_without_a_gap(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = sequences(mine)[-1][1]
    with (
        wakes() as heard,
        django_capture_on_commit_callbacks(execute=True),
        held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK) as held,
    ):
        assert held.announce(Kind.PORTFOLIO_CHANGED) == before + 1
        assert held.announce(Kind.IMPORT_BOOKED, count=20) == before + 21
    assert sequences(mine)[-2:] == [(before + 1, before + 1), (before + 2, before + 21)]
    assert heads_of([mine.portfolio_id], actor=mine.owner) == {mine.portfolio_id: before + 21}
    assert heard == [PortfolioChanged(mine.portfolio_id, before + 1), PortfolioChanged(mine.portfolio_id, before + 21)]


def test_change_that_fails_leaves_no_number_behind(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def fail() -> None:
        with held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK) as held:
            held.announce(Kind.PORTFOLIO_CHANGED)
            raise ZeroDivisionError

    before = sequences(mine)
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        fail()
    assert (sequences(mine), heard) == (before, [])


def test_only_who_may_do_it_holds_the_portfolio(mine: Book) -> None:
    viewer, stranger = share(mine, "bob", Role.VIEWER), person("charlie")
    for actor, refusal in ((viewer, NotAllowed), (stranger, NotFound)):
        with (
            pytest.raises(refusal),
            held_portfolio(actor=actor, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK),
        ):
            raise AssertionError


def test_recorder_is_the_person_or_nobody_for_the_system(mine: Book) -> None:
    for actor, recorder in ((mine.owner, mine.owner.user_id), (System("test"), None)):
        with held_portfolio(actor=actor, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK) as held:
            assert held.recorder_id == recorder


# ---------- While others wait ----------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("role", "refusal"), [(None, NotFound), (Role.VIEWER, NotAllowed)])
def test_who_lost_their_role_while_they_waited_changes_nothing(
    role: Role | None, refusal: type[Exception], mine: Book
) -> None:
    bobs = replace(mine, owner=share(mine, "bob", Role.EDITOR))
    with ThreadPoolExecutor() as threads:
        with held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.MEMBER_REMOVE):
            waiting = threads.submit(in_thread, partial(add, bobs, deposit(bobs)))
            with pytest.raises(FutureTimeout):
                waiting.result(timeout=0.5)
            his = Membership.objects.for_actor(mine.owner).filter(user_id=bobs.owner.user_id)
            his.delete() if role is None else his.update(role=role)
        with pytest.raises(refusal):
            waiting.result(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_portfolio_that_was_deleted_while_one_waited_is_missing(mine: Book) -> None:
    with ThreadPoolExecutor() as threads:
        with held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.PORTFOLIO_DELETE):
            waiting = threads.submit(in_thread, partial(add, mine, deposit(mine)))
            with pytest.raises(FutureTimeout):
                waiting.result(timeout=0.5)
            portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
        with pytest.raises(NotFound):
            waiting.result(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_who_may_not_is_refused_without_waiting(mine: Book) -> None:
    viewer, stranger = share(mine, "bob", Role.VIEWER), person("charlie")
    with (
        ThreadPoolExecutor() as threads,
        held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK),
    ):
        for actor, refusal in ((viewer, NotAllowed), (stranger, NotFound)):
            theirs = replace(mine, owner=actor)
            asked = threads.submit(in_thread, partial(add, theirs, deposit(theirs)))
            with pytest.raises(refusal):
                asked.result(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_writers_of_sqlite_stand_in_line(mine: Book) -> None:
    with held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK):
        assert SQLITE_WRITERS.locked() is (connection.vendor == "sqlite")
    assert not SQLITE_WRITERS.locked()


def in_thread(act: Callable[[], object]) -> object:
    """What `act` gives, on a connection that is closed afterwards."""
    try:
        return act()
    finally:
        connection.close()
