import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from tests.services.ledger_entries import Book, book, person, share
from tests.services.wakes import wakes
from tickfolio.errors import InvalidDraft, LastOwner, NotAllowed, NotFound
from tickfolio.identity.models import User
from tickfolio.live.bus.port import AccessChanged, PortfolioChanged
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services import members, portfolios

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def roles(mine: Book) -> dict[str, Role]:
    listed = members.members_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    return {member.email.partition("@")[0]: member.role for member in listed}


def remove(mine: Book, who: Person, *, by: Person | None = None) -> None:
    members.member_remove(actor=by or mine.owner, portfolio_id=mine.portfolio_id, user_id=who.user_id)


def change(mine: Book, who: Person, role: Role) -> None:
    members.member_change(actor=mine.owner, portfolio_id=mine.portfolio_id, user_id=who.user_id, role=role)


def test_members_are_listed_owners_first(mine: Book, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for name, role in (("bob", Role.VIEWER), ("zoe", Role.OWNER), ("carol", Role.EDITOR)):
        share(mine, name, role)
    with django_assert_num_queries(2):
        assert list(roles(mine)) == ["alice", "zoe", "carol", "bob"]


def test_somebody_who_has_signed_up_is_added_by_their_address_in_any_spelling(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    bob = person("bob")
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        added = members.member_add(
            actor=mine.owner, portfolio_id=mine.portfolio_id, email=" BOB@Example.org ", role=Role.VIEWER
        )
    assert (added.user_id, added.role) == (bob.user_id, Role.VIEWER)
    assert heard == [PortfolioChanged(mine.portfolio_id, 2), AccessChanged(bob.user_id)]
    assert [each.id for each in portfolios.portfolios_of(actor=bob)] == [mine.portfolio_id]


@pytest.mark.parametrize("email", ["nobody@example.org", "", "alice@example.org", "gone@example.org"])
def test_nobody_and_who_is_a_member_already_are_refused_at_the_address(email: str, mine: Book) -> None:
    User.objects.create(email="gone@example.org", is_active=False)
    with pytest.raises(InvalidDraft) as refusal:
        members.member_add(actor=mine.owner, portfolio_id=mine.portfolio_id, email=email, role=Role.VIEWER)
    assert set(refusal.value.errors) == {"email"}
    assert roles(mine) == {"alice": Role.OWNER}


def test_role_can_be_changed(mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    bob = share(mine, "bob", Role.EDITOR)
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        change(mine, bob, Role.VIEWER)
    assert heard[-1] == AccessChanged(bob.user_id)
    assert roles(mine) == {"alice": Role.OWNER, "bob": Role.VIEWER}


def test_removed_member_is_a_stranger(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    bob = share(mine, "bob", Role.OWNER)
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        remove(mine, bob)
    assert heard[-1] == AccessChanged(bob.user_id)
    assert portfolios.portfolios_of(actor=bob) == ()
    with pytest.raises(NotFound):
        remove(mine, bob, by=bob)
    with pytest.raises(NotFound):
        remove(mine, bob)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_everybody_may_leave_and_only_owners_remove_others(role: Role, mine: Book) -> None:
    bob, carol = share(mine, "bob", role), share(mine, "carol", role)
    with pytest.raises(NotAllowed):
        remove(mine, carol, by=bob)
    remove(mine, bob, by=bob)
    assert roles(mine) == {"alice": Role.OWNER, "carol": role}


def test_portfolio_is_never_without_an_owner(mine: Book) -> None:
    bob = share(mine, "bob", Role.EDITOR)
    with pytest.raises(LastOwner):
        remove(mine, mine.owner)
    with pytest.raises(LastOwner):
        change(mine, mine.owner, Role.EDITOR)
    change(mine, mine.owner, Role.OWNER)
    change(mine, bob, Role.OWNER)
    remove(mine, mine.owner)
    assert [member.role for member in members.members_of(actor=bob, portfolio_id=mine.portfolio_id)] == [Role.OWNER]


def test_person_who_is_no_member_cannot_be_changed(mine: Book) -> None:
    stranger = person("charlie")
    with pytest.raises(NotFound, match="member"):
        change(mine, stranger, Role.VIEWER)
