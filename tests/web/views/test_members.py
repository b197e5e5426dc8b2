from __future__ import annotations

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, book, person, share
from tests.web.visits import address, errors_on, set_market_clock, signed_in, text_of
from tickfolio.persistence.tenancy import Role
from tickfolio.services import members

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def roles(alices: Book) -> dict[str, Role]:
    seen = members.members_of(actor=alices.owner, portfolio_id=alices.portfolio_id)
    return {member.email.split("@")[0]: member.role for member in seen}


def test_a_portfolio_is_shared_by_an_address_and_a_role(client: Client, alices: Book) -> None:
    bob = person("bob")
    answer = client.post(address(alices, "members/"), {"email": "Bob@Example.org", "role": "editor"}, follow=True)
    assert "bob@example.org may now see Long term as an editor." in text_of(answer)
    assert roles(alices) == {"alice": Role.OWNER, "bob": Role.EDITOR}
    assert signed_in(bob).get(address(alices)).status_code == 200


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("nobody@example.org", "Expected the address of somebody who has signed up here, found nobody."),
        ("alice@example.org", "Expected somebody who is no member yet."),
        ("bob", "Expected an e-mail address such as bob@example.org, was bob."),
        ("", "Expected an e-mail address; the field is empty."),
    ],
)
def test_an_address_that_cannot_be_added_is_told_why_and_kept(
    client: Client, alices: Book, email: str, message: str
) -> None:
    answer = client.post(address(alices, "members/"), {"email": email, "role": "editor"})
    assert errors_on(answer)["email"].startswith(message)
    assert '<option value="editor" selected>' in text_of(answer)
    assert roles(alices) == {"alice": Role.OWNER}


def test_an_owner_changes_a_role(client: Client, alices: Book) -> None:
    bob = share(alices, "bob", Role.VIEWER)
    answer = client.post(address(alices, f"members/{bob.user_id}/"), {"role": "owner"}, follow=True)
    assert "bob@example.org is now an owner of Long term." in text_of(answer)
    assert roles(alices)["bob"] is Role.OWNER


def test_an_owner_removes_a_member_after_being_asked(client: Client, alices: Book) -> None:
    bob = share(alices, "bob", Role.VIEWER)
    remove = address(alices, f"members/{bob.user_id}/remove/")
    assert "Remove bob@example.org?" in text_of(client.get(remove))
    assert "bob" in roles(alices)
    client.post(remove)
    assert roles(alices) == {"alice": Role.OWNER}
    assert signed_in(bob).get(address(alices)).status_code == 404


def test_everybody_may_leave(alices: Book) -> None:
    bob = share(alices, "bob", Role.VIEWER)
    client = signed_in(bob)
    leave = address(alices, f"members/{bob.user_id}/remove/")
    assert "Leave Long term?" in text_of(client.get(leave))
    assert client.post(leave).headers["Location"] == "/"
    assert roles(alices) == {"alice": Role.OWNER}


def test_the_last_owner_stays(client: Client, alices: Book) -> None:
    own = alices.owner.user_id
    for rest, fields in ((f"members/{own}/", {"role": "viewer"}), (f"members/{own}/remove/", {})):
        page = text_of(client.post(address(alices, rest), fields))
        assert "Expected another owner to remain" in page
    page = text_of(client.get(address(alices, "members/")))
    assert ("the only owner" in page, "Leave…" in page) == (True, False)
    asked = text_of(client.get(address(alices, f"members/{own}/remove/")))
    assert ("A portfolio needs an owner" in asked, "You will no longer see it" in asked) == (True, False)
    share(alices, "bob", Role.OWNER)
    assert "Leave…" in text_of(client.get(address(alices, "members/")))
    assert roles(alices) == {"alice": Role.OWNER, "bob": Role.OWNER}


def test_a_role_that_there_is_not_changes_nothing(client: Client, alices: Book) -> None:
    bob = share(alices, "bob", Role.VIEWER)
    page = text_of(client.post(address(alices, f"members/{bob.user_id}/"), {"role": "god"}))
    assert "Expected a role of the list, was god." in page
    assert roles(alices)["bob"] is Role.VIEWER


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_who_is_no_owner_sees_the_members_and_changes_none(alices: Book, role: Role) -> None:
    bob, carol = share(alices, "bob", role), share(alices, "carol", Role.VIEWER)
    client = signed_in(bob)
    page = text_of(client.get(address(alices, "members/")))
    assert ("alice@example.org" in page, "Share with somebody" in page, "Leave…" in page) == (True, False, True)
    requests = [
        ("members/", {"email": "alice@example.org", "role": "owner"}),
        (f"members/{bob.user_id}/", {"role": "owner"}),
        (f"members/{carol.user_id}/remove/", {}),
    ]
    for rest, fields in requests:
        answer = client.post(address(alices, rest), fields)
        assert (answer.status_code, "Expected the role owner" in text_of(answer)) == (403, True)
    assert roles(alices) == {"alice": Role.OWNER, "bob": role, "carol": Role.VIEWER}


def test_a_person_who_is_no_member_is_not_found(client: Client, alices: Book) -> None:
    stranger = person("charlie")
    for rest in (f"members/{stranger.user_id}/", f"members/{stranger.user_id}/remove/", "members/99999/remove/"):
        assert client.post(address(alices, rest), {"role": "viewer"}).status_code == 404
