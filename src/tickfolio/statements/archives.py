"""A portfolio as a ZIP: its JSON, and beside it the files that are attached, each by its SHA-256.

It is written to where nothing can be taken back and read with one file in memory at a time.

**Source**: docs/reference/file-format.md, section ZIP.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from tickfolio.errors import StatementError, StatementTooLarge
from tickfolio.statements.rows import MAX_BYTES
from tickfolio.words import phrase

DOCUMENT = "portfolio.json"
PERSON = "person.json"
"""What is in the export of everything instead: statements/person_archives.py."""
FOLDER = "files/"
MAX_ARCHIVE = 100 * 1024 * 1024
"""How large an archive that is read may be."""
MAX_FILE = 10 * 1024 * 1024
MOST_MEMBERS = 5_000
_CONTENT = re.compile(r"files/([0-9a-f]{64})\Z")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every member, so that equal portfolios are equal archives."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class Archive:
    """An archive that was handed in; the names of what is in it are checked, and nothing is unpacked yet."""

    def __init__(self, file: IO[bytes]) -> None:
        """Looks at the list of its members.

        Raises:
            StatementError: it is no archive of a portfolio.
            StatementTooLarge: it has more members than one may have.
        """
        self._zip, members = opened(file)
        if PERSON in members:
            raise StatementError(
                phrase("Expected the export of a portfolio, was one of everything. Import it among the preferences.")
            )
        if DOCUMENT not in members:
            raise another()
        self._members = {found[1]: member for name, member in members.items() if (found := _CONTENT.match(name))}

    @property
    def digests(self) -> frozenset[str]:
        """The SHA-256 of the files in it, as their names have it."""
        return frozenset(self._members)

    def document(self) -> bytes:
        """The JSON.

        Raises:
            StatementError: it is damaged.
            StatementTooLarge: it is larger than a file of transactions may be.
        """
        return unpacked(self._zip, self._zip.getinfo(DOCUMENT), most=MAX_BYTES)

    def contents(self, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files of these SHA-256 that are in it, one after another.

        Raises:
            StatementError: one is damaged, or is not what its name says.
            StatementTooLarge: one is larger than an attached file may be.
        """
        for digest in digests:
            if digest in self._members:
                content = unpacked(self._zip, self._members[digest], most=MAX_FILE)
                if hashlib.sha256(content).hexdigest() != digest:
                    raise damaged()
                yield digest, content


def opened(file: IO[bytes]) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """An archive and what is in it by its names; nothing is unpacked yet.

    Raises:
        StatementError: it is none, or one whose names do not tell its members apart.
        StatementTooLarge: it has more members than one may have.
    """
    try:
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
    except DAMAGED as error:
        raise another() from error
    if len(members) > MOST_MEMBERS:
        raise StatementTooLarge(phrase("Expected at most {most:,} files in the archive, were more.", most=MOST_MEMBERS))
    named = {member.filename: member for member in members}
    if len(named) < len(members):
        raise another()
    return archive, named


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, most: int) -> bytes:
    """What a member holds: never more of it than it may, whatever the archive says of its size.

    Raises:
        StatementError: it is damaged.
        StatementTooLarge: it holds more.
    """
    try:
        with archive.open(member) as stream:
            content = stream.read(most + 1)
    except DAMAGED as error:
        raise damaged() from error
    if len(content) > most:
        raise StatementTooLarge(
            phrase(
                "Expected at most {most} MiB in each file of the archive, was more: {name}.",
                most=most // 1024 // 1024,
                name=member.filename,
            )
        )
    return content


def is_archive(beginning: bytes) -> bool:
    """Whether a file begins as a ZIP does."""
    return beginning.startswith(b"PK\x03\x04")


def archived(document: Iterable[str], files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """An archive in pieces."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # only what a stream needs
        with archive.open(member_of(DOCUMENT, zipfile.ZIP_DEFLATED), "w") as written:
            for piece in document:
                written.write(piece.encode())
                yield from sink.taken()
        for digest, content in files:
            # As they are: what people attach is compressed already.
            archive.writestr(member_of(FOLDER + digest, zipfile.ZIP_STORED), content)
            yield from sink.taken()
    yield from sink.taken()


class Sink:
    """Takes what is written until somebody takes it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Keeps a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing to be flushed."""

    def taken(self) -> list[bytes]:
        """What was written since."""
        pieces, self._pieces = self._pieces, []
        return pieces


def member_of(name: str, compression: int) -> zipfile.ZipInfo:
    """A member that is yet to be written."""
    member = zipfile.ZipInfo(name, _LONG_AGO)
    member.compress_type = compression
    return member


def damaged() -> StatementError:
    """What is wrong with an archive that does not hold what it says."""
    return StatementError(phrase("Expected a ZIP that can be unpacked, was a damaged one. Export it again."))


def another() -> StatementError:
    """What is wrong with an archive that no export was, which spreadsheets are, too."""
    return StatementError(
        phrase(
            "Expected CSV, JSON or a ZIP of an export, was a spreadsheet, or an archive that is damaged or another one. "
            "Save a spreadsheet as CSV."
        )
    )
