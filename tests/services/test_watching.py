import threading
from datetime import date

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.live.market import AAPL
from tests.services.ledger_entries import Book, book, person, purchase, share
from tickfolio.domain.instruments import Symbol
from tickfolio.identity.models import User
from tickfolio.live.ports import LedgerEvent, Standing
from tickfolio.live.viewer import Viewer
from tickfolio.live.wire.portfolio_messages import VisiblePortfolio
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services import members, portfolios, transactions
from tickfolio.services.instruments import instrument_rename
from tickfolio.services.sessions import sign_out_everywhere
from tickfolio.services.tokens import token_make, token_revoke
from tickfolio.services.watching import (
    answer_of_database,
    booked_now,
    portfolio_standings,
    rights_of,
    stored_portfolio,
    viewer_by_session,
    viewer_by_token,
    with_own_connection,
)

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def session_of(who: Person) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=who.user_id))
    key = client.session.session_key
    assert key is not None
    return key


def visible(mine: Book, role: str = "owner", *, name: str = "Long term") -> VisiblePortfolio:
    return VisiblePortfolio(id=mine.portfolio_id, name=name, currency="EUR", role=role)  # type: ignore[arg-type]


def test_what_a_ledger_holds_is_streamed_under_the_symbol_that_it_has_now(mine: Book) -> None:
    transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    assert booked_now() == {AAPL}
    instrument_rename(symbol=AAPL, new_symbol=Symbol("APPL"), since=date(2012, 5, 21))
    assert booked_now() == {"APPL"}


# ---------- Who is behind a socket ----------


def test_of_a_live_market_the_welcome_names_what_a_persons_portfolios_are_about(mine: Book, settings: Settings) -> None:
    transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    of_a_replay = viewer_by_session(session_of(mine.owner))
    assert of_a_replay is not None
    assert of_a_replay.symbols == frozenset()  # all are named, whoever asks
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, ("yahoo",)
    viewer, other = (viewer_by_session(session_of(each)) for each in (mine.owner, person("bob")))
    assert viewer is not None
    assert other is not None
    assert [set(viewer.symbols), set(other.symbols)] == [{AAPL}, set()]


def test_session_tells_who_it_is_and_what_they_may_watch(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = session_of(mine.owner)
    with django_assert_num_queries(3):
        viewer = viewer_by_session(key)
    assert viewer == Viewer(mine.owner.user_id, key, (visible(mine),))


def test_session_that_is_none_or_has_ended_is_nobodys(mine: Book) -> None:
    key = session_of(mine.owner)
    sign_out_everywhere(user_id=mine.owner.user_id)
    assert [viewer_by_session(each) for each in (key, "made up", "")] == [None, None, None]


def test_session_key_is_in_no_text_of_a_viewer(mine: Book) -> None:
    key = session_of(mine.owner)
    assert key not in repr(viewer_by_session(key))
    assert key not in repr(rights_of({mine.owner.user_id: frozenset({key})}))


def test_token_tells_who_it_is_and_what_they_may_watch(mine: Book) -> None:
    token = token_make(actor=mine.owner, name="Script", days=None)
    viewer = viewer_by_token(token.text)
    assert viewer == Viewer(mine.owner.user_id, f"token:{token.view.id}", (visible(mine),))
    assert token.text not in repr(viewer)
    token_revoke(actor=mine.owner, token_id=token.view.id)
    assert [viewer_by_token(each) for each in (token.text, "tkf_made_up", "")] == [None, None, None]


def test_token_is_no_session_and_a_session_no_token(mine: Book) -> None:
    token = token_make(actor=mine.owner, name="Script", days=None)
    key = session_of(mine.owner)
    assert [viewer_by_session(each) for each in (token.text, f"token:{token.view.id}")] == [None, None]
    assert [viewer_by_token(each) for each in (key, f"token:{token.view.id}")] == [None, None]


# ---------- Rights ----------


def test_tokens_are_judged_beside_sessions_by_one_question_more(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    good, revoked = (token_make(actor=mine.owner, name=name, days=None).view.id for name in ("Good", "Revoked"))
    token_revoke(actor=mine.owner, token_id=revoked)
    key, bob = session_of(mine.owner), person("bob")
    asked = {
        mine.owner.user_id: frozenset({key, f"token:{good}", f"token:{revoked}"}),
        bob.user_id: frozenset({f"token:{good}"}),
    }
    with django_assert_num_queries(4):
        rights = rights_of(asked)
    assert rights[mine.owner.user_id].sessions == {key, f"token:{good}"}
    assert rights[bob.user_id].sessions == frozenset()


def test_rights_of_many_people_are_read_by_few_questions(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer, stranger = share(mine, "bob", Role.VIEWER), person("charlie")
    sessions = {who.user_id: frozenset({session_of(who)}) for who in (mine.owner, viewer, stranger)}
    with django_assert_num_queries(3):
        rights = rights_of(sessions)
    assert rights[mine.owner.user_id].portfolios == (visible(mine),)
    assert rights[viewer.user_id].portfolios == (visible(mine, "viewer"),)
    assert rights[stranger.user_id].portfolios == ()
    assert {user: each.sessions for user, each in rights.items()} == sessions


def test_sessions_that_have_ended_are_left_out(mine: Book) -> None:
    here, there = session_of(mine.owner), session_of(mine.owner)
    SessionStore(here).flush()
    sessions = frozenset({here, there, "made up"})
    assert rights_of({mine.owner.user_id: sessions})[mine.owner.user_id].sessions == {there}


def test_somebody_elses_session_is_not_ones_own(mine: Book) -> None:
    bob = person("bob")
    key = session_of(bob)
    assert rights_of({mine.owner.user_id: frozenset({key})})[mine.owner.user_id].sessions == frozenset()


def test_role_that_was_taken_away_and_portfolio_that_was_deleted_are_gone(mine: Book) -> None:
    bob = share(mine, "bob", Role.EDITOR)
    asked = {bob.user_id: frozenset({session_of(bob)}), mine.owner.user_id: frozenset({session_of(mine.owner)})}
    members.member_remove(actor=mine.owner, portfolio_id=mine.portfolio_id, user_id=bob.user_id)
    assert rights_of(asked)[bob.user_id].portfolios == ()
    portfolios.portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert rights_of(asked)[mine.owner.user_id].portfolios == ()


# ---------- Portfolios ----------


def test_portfolio_is_read_with_what_was_booked_since_a_head(mine: Book) -> None:
    first = stored_portfolio(mine.portfolio_id, None)
    assert first is not None
    assert (first.events, first.book.transactions) == ((), ())
    added = transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=added.id, expected_version=added.version
    )
    head = first.standing.head
    again = stored_portfolio(mine.portfolio_id, head)
    assert again is not None
    assert again.standing == Standing(head + 2, "UTC")
    assert again.events == (
        LedgerEvent(head + 1, "transaction_added", added.id),
        LedgerEvent(head + 2, "transaction_deleted", added.id),
    )
    nothing = stored_portfolio(mine.portfolio_id, head + 2)
    assert nothing is not None
    assert nothing.events == ()


def test_portfolio_that_is_not_there_is_none(mine: Book) -> None:
    assert stored_portfolio(NOWHERE, None) is None
    portfolios.portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert stored_portfolio(mine.portfolio_id, 1) is None
    assert portfolio_standings(frozenset({mine.portfolio_id, NOWHERE})) == {}


def test_standing_moves_with_every_change_and_with_the_owners_time_zone(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = portfolio_standings(frozenset({mine.portfolio_id}))[mine.portfolio_id]
    transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine))
    User.objects.filter(pk=mine.owner.user_id).update(time_zone="Asia/Tokyo")
    with django_assert_num_queries(1):
        after = portfolio_standings(frozenset({mine.portfolio_id}))
    assert after == {mine.portfolio_id: Standing(before.head + 1, "Asia/Tokyo")}


# ---------- Connections ----------


@pytest.mark.django_db(transaction=True)
def test_thread_of_the_engine_leaves_no_connection_behind(mine: Book) -> None:
    left: list[object] = []

    def read() -> None:
        portfolio_standings(frozenset({mine.portfolio_id}))
        left.append(connection.connection)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert left == [None]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_somebody_else_writes_to_answers(mine: Book) -> None:
    answered: list[bool] = []

    def ask() -> None:
        answer_of_database()
        answered.append(connection.connection is None)

    with transaction.atomic():
        portfolios.portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert answered == [True]


def test_a_database_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with pytest.raises(OperationalError, match="did not answer"):
        answer_of_database()


def test_connection_within_a_transaction_is_left_alone() -> None:
    with_own_connection(lambda: None)()
    assert connection.connection is not None
