"""Archives of everything of a person: what is written is read, and what is none is refused."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tickfolio.errors import StatementError, StatementTooLarge, UnknownStatement
from tickfolio.statements import person_archives
from tickfolio.statements.person_archives import ListOf, PersonArchive, PersonDocument, person_archived

DOCUMENT = {"format": "tickfolio-person", "version": 1, "exported_at": "2012-06-01T00:00:00Z"}


def changed(**document: Any) -> bytes:
    """An archive with this in its document."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("person.json", json.dumps(DOCUMENT | document))
    return packed.getvalue()


def test_what_is_written_is_read_and_portfolios_come_in_pieces() -> None:
    document = PersonDocument(**DOCUMENT, watchlists=(ListOf("Ideas", ("AAPL",)),))  # type: ignore[arg-type]  # by their names
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("portfolio.json", "{}")
    content = inner.getvalue()
    pieces = list(person_archived(document, [("portfolios/1.zip", iter([content[:10], content[10:]]))]))
    assert len(pieces) > 3
    read = PersonArchive(io.BytesIO(b"".join(pieces)))
    assert read.document == document
    with read.portfolio("portfolios/1.zip") as apart:
        assert apart.document() == b"{}"


def test_a_newer_file_asks_for_a_newer_version() -> None:
    content = changed(version=2, more="of it")
    with pytest.raises(UnknownStatement, match="Update Tickfolio first"):
        PersonArchive(io.BytesIO(content))
    with pytest.raises(UnknownStatement, match="Update Tickfolio first"):
        PersonArchive(io.BytesIO(changed(version=2)))


@pytest.mark.parametrize(
    "document",
    [
        {"format": "other"},
        {"watchlists": [{"name": ""}]},
        {"watchlists": {}},
        {"more": 1},
        {"preferences": {"theme": 1}},
    ],
)
def test_a_document_that_is_not_as_the_format_has_it_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(StatementError, match=r"Expected person\.json as the file format has it"):
        PersonArchive(io.BytesIO(changed(**document)))


def test_another_archive_is_none_of_everything() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("portfolio.json", "{}")
    with pytest.raises(StatementError, match="export of everything"):
        PersonArchive(packed)
    with pytest.raises(StatementError):
        PersonArchive(io.BytesIO(b"no archive"))


def test_portfolios_unpack_to_no_more_than_an_archive_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", json.dumps(DOCUMENT))
        archive.writestr("portfolios/bomb.zip", b"\0" * 200_000)
    monkeypatch.setattr(person_archives, "MAX_ARCHIVE", 100_000)
    with pytest.raises(StatementTooLarge, match="MiB together"), PersonArchive(packed).portfolio("portfolios/bomb.zip"):
        pytest.fail("it was unpacked")


def test_a_portfolio_that_is_no_archive_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("person.json", json.dumps(DOCUMENT))
        archive.writestr("portfolios/none.zip", b"none")
    opened = PersonArchive(packed)
    assert opened.has("portfolios/none.zip")
    assert not opened.has("person.json")
    assert not opened.has("portfolios/gone.zip")
    with pytest.raises(StatementError), opened.portfolio("portfolios/none.zip"):
        pytest.fail("it was unpacked")
