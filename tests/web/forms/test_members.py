import pytest

from tickfolio.persistence.tenancy import Role
from tickfolio.web.forms.members import ROLE_CHOICES, MemberRoleForm, NewMemberForm


def test_every_role_is_offered() -> None:
    assert [value for value, _ in ROLE_CHOICES] == [role.value for role in Role]


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Expected an e-mail address; the field is empty."),
        ("bob", "Expected an e-mail address such as bob@example.org, was bob."),
    ],
)
def test_an_address_that_is_none_is_answered_with_what_one_is(email: str, message: str) -> None:
    assert NewMemberForm({"email": email, "role": "viewer"}).errors["email"] == [message]


def test_a_role_that_there_is_not_is_refused() -> None:
    assert MemberRoleForm({"role": "god"}).errors["role"] == ["Expected a role of the list, was god."]
