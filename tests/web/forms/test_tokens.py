import pytest

from tickfolio.services.tokens import EXPIRES_AFTER_DAYS
from tickfolio.web.forms.tokens import EXPIRES, TokenForm


def filled(**typed: str) -> TokenForm:
    return TokenForm({"name": "Script", "days": "30", **typed})


def test_every_expiry_that_is_offered_can_be_had_and_no_other() -> None:
    forms = [filled(days=value) for value, _ in EXPIRES]
    assert all(form.is_valid() for form in forms)
    assert [form.chosen_days for form in forms] == [*EXPIRES_AFTER_DAYS, None]
    assert not filled(days="36500").is_valid()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": " "}, "Expected a name, such as that of the program; the field is empty."),
        ({"days": ""}, "Expected an expiry; the field is empty."),
        ({"days": "7"}, "Expected an expiry of the list, was 7."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(typed: dict[str, str], says: str) -> None:
    form = filled(**typed)
    assert {error for errors in form.errors.values() for error in errors} == {says}
    assert form.summary == "One thing to put right first"
