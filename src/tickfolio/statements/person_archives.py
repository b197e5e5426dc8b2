"""Everything of a person as a ZIP: a document of what is theirs, and beside it the archive of each portfolio.

It is written to where nothing can be taken back, and read with one portfolio at a time on the disk.

**Source**: docs/reference/file-format.md, section Everything of a person.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Annotated

import msgspec
from msgspec import Meta

from tickfolio.errors import StatementError, StatementTooLarge, UnknownStatement
from tickfolio.statements.archives import (
    DAMAGED,
    MAX_ARCHIVE,
    PERSON,
    Archive,
    Sink,
    damaged,
    member_of,
    opened,
    unpacked,
)
from tickfolio.statements.rows import MAX_BYTES
from tickfolio.words import phrase

NAME = "tickfolio-person"
VERSION = 1
MOST_PORTFOLIOS = 200
_AT_ONCE = 1024 * 1024

type _Word = Annotated[str, Meta(max_length=100)]
type _Name = Annotated[str, Meta(min_length=1, max_length=80)]
type _Symbol = Annotated[str, Meta(min_length=1, max_length=32)]


class PreferencesOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody prefers, each as the database has it."""

    base_currency: _Word
    language: _Word
    locale: _Word
    time_zone: _Word
    theme: _Word


class HoldingsViewOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody has holdings shown."""

    columns: Annotated[tuple[_Word, ...], Meta(max_length=100)]
    pinned: int
    group: _Word
    sort: _Word
    is_descending: bool


class ListOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A watchlist, its instruments in their order."""

    name: _Name
    symbols: Annotated[tuple[_Symbol, ...], Meta(max_length=250)] = ()


class PortfolioOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A portfolio, whose archive is beside the document.

    Attributes:
        file: the archive's name.
        role: what the person was in it; for people to read.
    """

    file: _Word
    name: _Name
    base_currency: _Word
    day_count: _Word
    long_term_months: int
    role: _Word = ""


class PersonDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. `holdings_view` is missing where nothing was ever chosen."""

    format: str
    version: int
    exported_at: _Word
    preferences: PreferencesOf | None = None
    holdings_view: HoldingsViewOf | None = None
    watchlists: Annotated[tuple[ListOf, ...], Meta(max_length=50)] = ()
    portfolios: Annotated[tuple[PortfolioOf, ...], Meta(max_length=MOST_PORTFOLIOS)] = ()


class PersonArchive:
    """An archive that was handed in; its document is read, and no portfolio is unpacked yet.

    Attributes:
        document: what is in it besides the portfolios.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Reads the document.

        Raises:
            StatementError: it is no export of everything, or its document is not as the format has it.
            StatementTooLarge: there is more in it than may be.
            UnknownStatement: it is of a newer version.
        """
        self._zip, self._members = opened(file)
        if PERSON not in self._members:
            raise StatementError(
                phrase(
                    "Expected the ZIP of an export of everything, was another one. "
                    "The export of one portfolio is imported on the page of a portfolio."
                )
            )
        self.document = _read(unpacked(self._zip, self._members[PERSON], most=MAX_BYTES))
        self._left = MAX_ARCHIVE

    def has(self, file: str) -> bool:
        """Whether the archive of a portfolio is there."""
        return file in self._members and file != PERSON

    @contextmanager
    def portfolio(self, file: str) -> Iterator[Archive]:
        """The archive of one portfolio, for as long as it is looked at.

        Raises:
            StatementError: it is damaged, or none of a portfolio.
            StatementTooLarge: with those before it is more than an archive may be.
        """
        with tempfile.TemporaryFile() as apart:
            try:
                with self._zip.open(self._members[file]) as stream:
                    while piece := stream.read(_AT_ONCE):
                        self._left -= len(piece)
                        if self._left < 0:
                            raise StatementTooLarge(
                                phrase(
                                    "Expected portfolios of at most {most} MiB together, were more. "
                                    "Import them one by one.",
                                    most=MAX_ARCHIVE // 1024 // 1024,
                                )
                            )
                        apart.write(piece)
            except DAMAGED as error:
                raise damaged() from error
            apart.seek(0)
            yield Archive(apart)


def person_archived(document: PersonDocument, portfolios: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """An archive in pieces, of pieces: the archives of portfolios come by their names, one after the other."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # only what a stream needs
        archive.writestr(
            member_of(PERSON, zipfile.ZIP_DEFLATED), msgspec.json.format(msgspec.json.encode(document), indent=1)
        )
        yield from sink.taken()
        for name, pieces in portfolios:
            # As they are, since they are compressed; how large one becomes is known at its end.
            with archive.open(member_of(name, zipfile.ZIP_STORED), "w", force_zip64=True) as written:
                for piece in pieces:
                    written.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def _read(content: bytes) -> PersonDocument:
    try:
        document = msgspec.json.decode(content, type=PersonDocument)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if (newer := _version(content)) > VERSION:
            raise _newer(newer) from None
        raise StatementError(
            phrase("Expected person.json as the file format has it, was something else: {error}", error=error)
        ) from error
    if document.format != NAME or document.version < 1:
        raise StatementError(
            phrase(
                "Expected person.json as the file format has it, was something else: {error}",
                error=document.format[:40],
            )
        )
    if document.version > VERSION:
        raise _newer(document.version)
    return document


class _Versioned(msgspec.Struct):
    version: int = 0


def _version(content: bytes) -> int:
    """Which version it is of, where that can be read at all."""
    try:
        return msgspec.json.decode(content, type=_Versioned).version
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def _newer(version: int) -> UnknownStatement:
    return UnknownStatement(
        phrase("Expected version {expected}, was {found}. Update Tickfolio first.", expected=VERSION, found=version)
    )
