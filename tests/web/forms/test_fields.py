import pytest
from django import forms

from tickfolio.web.forms.fields import Choice, Note, PageForm, TypedText, summary_title


class Example(PageForm):
    name = TypedText(label="Name", what="a name", max_length=10)
    colour = Choice(label="Colour", choices=[("red", "Red")], what="a colour")


def messages(field: forms.Field, typed: str) -> list[str]:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    return [str(message) for message in refused.value.messages]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("   ", "Expected a name; the field is empty."),
        ("a" * 11, "Expected a name of at most 10 characters, was 11."),
        ("a\u202eb", "Expected a name of characters that can be seen, was one with others."),
        ("a\nb", "Expected a name of characters that can be seen, was one with others."),
    ],
)
def test_a_text_is_one_line_of_what_can_be_seen(typed: str, message: str) -> None:
    assert messages(TypedText(label="Name", what="a name", max_length=10), typed) == [message]


def test_a_text_loses_the_spaces_around_it() -> None:
    assert TypedText(label="Name", what="a name").clean("  Long term ") == "Long term"


def test_the_lines_of_a_note_are_joined_and_it_may_be_empty() -> None:
    assert [Note(label="Note").clean(typed) for typed in ("one\r\n two", "")] == ["one two", ""]


def test_a_choice_that_is_not_offered_is_named() -> None:
    field = Choice(label="Colour", choices=[("red", "Red")], what="a colour")
    assert messages(field, "blue") == ["Expected a colour of the list, was blue."]
    assert messages(field, "") == ["Expected a colour; the field is empty."]


def test_the_summary_counts_the_errors_and_names_the_faulty_fields_in_their_order() -> None:
    form = Example({"name": "", "colour": "blue"})
    assert (form.summary, [field.name for field in form.faulty]) == (
        "Two things to put right first",
        ["name", "colour"],
    )
    assert Example({"name": "x", "colour": "red"}).summary == ""


def test_what_a_service_refuses_stands_at_its_field_or_above_all() -> None:
    form = Example({"name": "x", "colour": "red"})
    form.refuse({"name": "Expected another.", "elsewhere": "Expected more."})
    assert [*form.errors["name"], *form.non_field_errors()] == ["Expected another.", "Expected more."]


def test_what_was_typed_stays_in_a_form_with_an_error() -> None:
    page = str(Example({"name": "Long-term savings", "colour": "red"})["name"])
    assert 'value="Long-term savings"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_name_error"' in page


def test_many_errors_are_counted_in_figures() -> None:
    assert summary_title(12) == "12 things to put right first"
