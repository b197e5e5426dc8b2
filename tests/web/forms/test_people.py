import pytest
from django.test import RequestFactory

from tickfolio.identity.models import User
from tickfolio.web.forms.people import PasswordChangeForm, PreferencesForm, SignInForm


def test_fields_are_labelled_in_our_words_and_have_no_placeholder(rf: RequestFactory) -> None:
    form = SignInForm(request=rf.get("/sign-in/"))
    assert [str(field.label) for field in form] == ["E-mail", "Password", "Keep me signed in"]
    assert "placeholder" not in str(form)


def test_a_password_manager_can_tell_the_fields_apart() -> None:
    form = PasswordChangeForm()
    assert [field.field.widget.attrs["autocomplete"] for field in form] == [
        "current-password",
        "new-password",
        "new-password",
    ]


def test_a_password_that_was_typed_does_not_come_back_in_the_page() -> None:
    typed = {"oldpassword": "hunter2", "password1": "hunter3", "password2": "hunter4"}
    form = PasswordChangeForm(User(password="!"), data=typed)
    assert "hunter" not in "".join(str(field) for field in form)


@pytest.mark.parametrize(
    ("left", "note"),
    [
        (None, ""),
        (0, "That was the last try before a pause of 5 minutes."),
        (1, "One more try before a pause of 5 minutes."),
        (4, "4 more tries before a pause of 5 minutes."),
    ],
)
def test_how_many_tries_are_left_is_said_in_words(rf: RequestFactory, left: int | None, note: str) -> None:
    request = rf.post("/sign-in/")
    request.tries_left = left  # type: ignore[attr-defined]  # as the adapter notes it
    assert SignInForm(request=request).note == note


def test_a_value_that_is_not_in_a_list_does_not_break_the_form() -> None:
    form = PreferencesForm({"base_currency": "XXX", "locale": "en", "time_zone": "UTC", "theme": ""})
    assert form.is_valid(), "what may be chosen is for the service to say"
