"""Handing in the export of everything."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tickfolio.web.forms import person_files
from tickfolio.web.forms.person_files import PersonFileForm


def test_a_file_is_wanted_and_not_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PersonFileForm({}, {}).errors["file"] == ["Expected a file; none was chosen."]
    assert PersonFileForm({}, {"file": SimpleUploadedFile("a.zip", b"abc")}).is_valid()
    monkeypatch.setattr(person_files, "MAX_ARCHIVE", 2)
    form = PersonFileForm({}, {"file": SimpleUploadedFile("a.zip", b"abc")})
    (told,) = form.errors["file"]
    assert str(told).startswith("Expected a file of at most 0 MiB, was 3 bytes. Unpack it: each ZIP in its folder")
