"""The form of a note."""

from __future__ import annotations

from tickfolio.services.instrument_notes import MAX_TEXT
from tickfolio.web.forms.instrument_note import NoteForm


def test_the_text_is_taken_as_it_was_typed_and_the_version_is_a_number() -> None:
    form = NoteForm({"text": "  two\n lines ", "version": "3"})
    assert form.is_valid()
    assert form.cleaned_data == {"text": "  two\n lines ", "version": 3}
    assert not NoteForm({"text": "", "version": "-1"}).is_valid()
    assert not NoteForm({"text": ""}).is_valid()


def test_more_can_be_typed_than_is_taken_so_that_nothing_is_cut_without_a_word() -> None:
    assert f'maxlength="{2 * MAX_TEXT}"' in str(NoteForm()["text"])
    assert " disabled" in str(NoteForm(may_write=False)["text"])
