"""A portfolio as a ZIP: written in pieces, read with care."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

import pytest

from tickfolio.errors import StatementError, StatementTooLarge
from tickfolio.statements.archives import MAX_FILE, MOST_MEMBERS, Archive, archived, is_archive

CONTENT = b"%PDF-1.7 a contract note"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def packed(members: Mapping[str, bytes]) -> io.BytesIO:
    """A ZIP with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def test_what_is_written_is_read_again() -> None:
    written = b"".join(archived(["{", '"a": "\N{EURO SIGN}"}'], [(DIGEST, CONTENT)]))
    assert is_archive(written)
    archive = Archive(io.BytesIO(written))
    assert archive.document().decode() == '{"a": "\N{EURO SIGN}"}'
    assert archive.digests == {DIGEST}
    assert list(archive.contents([DIGEST, "0" * 64])) == [(DIGEST, CONTENT)]


def test_it_is_written_a_piece_at_a_time() -> None:
    files = iter([(DIGEST, CONTENT), ("0" * 64, b"more")])
    pieces = archived(["{}"], files)
    first = next(pieces)
    assert CONTENT not in first
    assert next(files) == (DIGEST, CONTENT), "no file is asked for before its turn"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and nothing more", b"{}"])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(StatementError, match="a spreadsheet, or an archive"):
        Archive(io.BytesIO(content))


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(StatementError, match="a spreadsheet, or an archive"):
        Archive(packed({"letters.txt": b"a"}))


def test_names_that_lead_elsewhere_are_not_looked_at() -> None:
    archive = Archive(packed({"portfolio.json": b"{}", "../../etc/passwd": b"a", f"files/../{DIGEST}": b"a"}))
    assert archive.digests == frozenset()


def test_a_file_that_is_not_what_its_name_says_is_refused() -> None:
    archive = Archive(packed({"portfolio.json": b"{}", f"files/{DIGEST}": b"something else"}))
    with pytest.raises(StatementError, match="damaged"):
        list(archive.contents([DIGEST]))


def test_a_file_that_unpacks_to_more_than_it_may_is_refused() -> None:
    archive = Archive(packed({"portfolio.json": b" " * (MAX_FILE + 1), f"files/{DIGEST}": b" " * (MAX_FILE + 1)}))
    with pytest.raises(StatementTooLarge, match="at most 10 MiB"):
        archive.document()
    with pytest.raises(StatementTooLarge, match="at most 10 MiB"):
        list(archive.contents([DIGEST]))


def test_an_archive_of_too_many_files_is_refused() -> None:
    with pytest.raises(StatementTooLarge, match="at most 5,000"):
        Archive(packed({str(number): b"" for number in range(MOST_MEMBERS + 1)}))


def test_a_damaged_document_is_refused() -> None:
    file = packed({"portfolio.json": b"{}" * 1000})
    content = bytearray(file.getvalue())
    content[45] ^= 0xFF
    with pytest.raises(StatementError, match="damaged"):
        Archive(io.BytesIO(bytes(content))).document()
