"""Files that came with a form."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from tickfolio.errors import InvalidValue
from tickfolio.services.attachments import MAX_BYTES, NewFile
from tickfolio.web.sent_files import sent_files


def test_the_files_of_the_field_are_read_in_their_order() -> None:
    files = [SimpleUploadedFile("b.txt", b"b"), SimpleUploadedFile("a.txt", b"a")]
    request = RequestFactory().post("/", {"files": files, "other": SimpleUploadedFile("c.txt", b"c")})
    assert sent_files(request) == [NewFile("b.txt", b"b"), NewFile("a.txt", b"a")]
    assert sent_files(RequestFactory().post("/")) == []


def test_one_that_is_too_large_is_refused() -> None:
    files = [SimpleUploadedFile("b.txt", b"b"), SimpleUploadedFile("large.txt", b"a" * (MAX_BYTES + 1))]
    with (
        closing(RequestFactory().post("/", {"files": files})) as request,
        pytest.raises(InvalidValue, match=r"at most 10 MiB, was a larger one: large\.txt"),
    ):
        sent_files(request)
