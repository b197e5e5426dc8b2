import pytest

from tests.identity.cast import person
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, System
from tickfolio.services import operators, people
from tickfolio.services.operators import operator_make, operator_unmake, require_operator, require_operator_or_console
from tickfolio.services.people import DEMO_OWNER_EMAIL

pytestmark = pytest.mark.django_db


def is_operator(user: User) -> bool:
    try:
        require_operator(actor=Person(user.pk))
    except NotFound:
        return False
    return True


def test_who_comes_first_is_the_operator_and_nobody_who_comes_later() -> None:
    people.demo_owner_create()
    alice, bob = person("alice"), person("bob")
    assert [is_operator(each) for each in (alice, bob)] == [True, False]
    assert not is_operator(User.objects.get(is_demo_owner=True))


def test_somebody_is_made_an_operator_and_no_longer() -> None:
    alice, bob = person("alice"), person("bob")
    assert operator_make(email="BOB@example.org") == "bob@example.org"
    assert operator_make(email="bob@example.org") == "bob@example.org"
    assert is_operator(bob)
    assert operator_unmake(email="alice@example.org") == ("alice@example.org", 1)
    assert not is_operator(alice)


def test_the_last_operator_may_go_and_nobody_else_becomes_one_by_coming() -> None:
    person("alice")
    assert operator_unmake(email="alice@example.org") == ("alice@example.org", 0)
    assert not is_operator(person("bob"))


def test_whoever_has_the_command_line_passes_as_operators_do() -> None:
    alice, bob = person("alice"), person("bob")
    for passes in (System("console"), Person(alice.pk)):
        require_operator_or_console(actor=passes)
    with pytest.raises(NotFound):
        require_operator_or_console(actor=Person(bob.pk))


def test_who_is_deactivated_is_no_operator_as_long() -> None:
    alice = person("alice")
    people.person_deactivate(email="alice@example.org")
    assert not is_operator(alice)
    people.person_activate(email="alice@example.org")
    assert is_operator(alice)


def test_the_owner_of_the_demo_whom_anybody_may_become_is_refused() -> None:
    people.demo_owner_create()
    with pytest.raises(InvalidDraft, match="demo"):
        operator_make(email=DEMO_OWNER_EMAIL)


@pytest.mark.parametrize("does", [operators.operator_make, operators.operator_unmake])
def test_an_address_that_nobody_has_is_said(does: object) -> None:
    assert callable(does)
    with pytest.raises(NotFound, match=r"nobody@example\.org"):
        does(email="nobody@example.org")


def test_nobody_is_told_that_there_is_something_for_operators() -> None:
    person("alice")
    with pytest.raises(NotFound) as refusal:
        require_operator(actor=Person(person("bob").pk))
    assert "operator" not in str(refusal.value)
