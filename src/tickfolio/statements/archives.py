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
FOLDER = "files/"
MAX_ARCHIVE = 100 * 1024 * 1024
"""How large an archive that is read may be."""
MAX_FILE = 10 * 1024 * 1024
MOST_MEMBERS = 5_000
_CONTENT = re.compile(r"files/([0-9a-f]{64})\Z")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every member, so that equal portfolios are equal archives."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class Archive:
    """An archive that was handed in; the names of what is in it are checked, and nothing is unpacked yet."""

    def __init__(self, file: IO[bytes]) -> None:
        """Looks at the list of its members.

        Raises:
            StatementError: it is no archive of a portfolio.
            StatementTooLarge: it has more members than one may have.
        """
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        except _DAMAGED as error:
            raise _another() from error
        if len(members) > MOST_MEMBERS:
            raise StatementTooLarge(
                phrase("Expected at most {most:,} files in the archive, were more.", most=MOST_MEMBERS)
            )
        names = [member.filename for member in members]
        if DOCUMENT not in names or len(set(names)) < len(names):
            raise _another()
        self._members = {found[1]: member for member in members if (found := _CONTENT.match(member.filename))}

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
        return self._unpacked(self._zip.getinfo(DOCUMENT), most=MAX_BYTES)

    def contents(self, digests: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files of these SHA-256 that are in it, one after another.

        Raises:
            StatementError: one is damaged, or is not what its name says.
            StatementTooLarge: one is larger than an attached file may be.
        """
        for digest in digests:
            if digest in self._members:
                content = self._unpacked(self._members[digest], most=MAX_FILE)
                if hashlib.sha256(content).hexdigest() != digest:
                    raise _damaged()
                yield digest, content

    def _unpacked(self, member: zipfile.ZipInfo, *, most: int) -> bytes:
        """What a member holds: never more of it than it may, whatever the archive says of its size."""
        try:
            with self._zip.open(member) as opened:
                content = opened.read(most + 1)
        except _DAMAGED as error:
            raise _damaged() from error
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
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # only what a stream needs
        with archive.open(_member(DOCUMENT, zipfile.ZIP_DEFLATED), "w") as written:
            for piece in document:
                written.write(piece.encode())
                yield from sink.taken()
        for digest, content in files:
            # As they are: what people attach is compressed already.
            archive.writestr(_member(FOLDER + digest, zipfile.ZIP_STORED), content)
            yield from sink.taken()
    yield from sink.taken()


class _Sink:
    """Takes what is written until somebody takes it on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing to be flushed."""

    def taken(self) -> list[bytes]:
        """What was written since."""
        pieces, self._pieces = self._pieces, []
        return pieces


def _member(name: str, compression: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _LONG_AGO)
    member.compress_type = compression
    return member


def _damaged() -> StatementError:
    return StatementError(phrase("Expected a ZIP that can be unpacked, was a damaged one. Export it again."))


def _another() -> StatementError:
    """What is wrong with an archive that no export was, which spreadsheets are, too."""
    return StatementError(
        phrase(
            "Expected CSV, JSON or a ZIP of an export, was a spreadsheet, or an archive that is damaged or another one. "
            "Save a spreadsheet as CSV."
        )
    )
