"""The file that a backup is: a zip archive of a manifest and the database in its own format.

`manifest.json` says what the archive holds, and is what a restored database is compared with. A file is written under
another name, forced to the disk and given its own name only then, so that a name always stands for a whole backup.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol, Self

import msgspec

from tickfolio.errors import BackupFailed, BackupUnusable

FORMAT = 1
MANIFEST = "manifest.json"
FOLDER = "backups"
SUFFIX = ".zip"
_SCRATCH_PREFIX = ".tickfolio-unfinished-"
_CHUNK_BYTES = 1 << 20
# What reading an archive with broken bytes ends in, wherever in it they are.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)


class DatabaseKind(StrEnum):
    """What a backup can be of."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Reason(StrEnum):
    """Why a backup was made."""

    ASKED = "asked"
    BEFORE_MIGRATION = "before_migration"


@dataclass(frozen=True, slots=True)
class TableState:
    """A table at one moment.

    Attributes:
        digest: a sum over all rows that any change of one changes, or None where the checksum of the file says it already.
    """

    rows: int
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database held at one moment.

    Attributes:
        migrations: every applied one, as ``app.name``, in order.
        heads: the last ledger sequence of each portfolio, by its id.
    """

    migrations: tuple[str, ...]
    tables: Mapping[str, TableState]
    heads: Mapping[str, int]

    @property
    def sequence(self) -> int:
        """How many ledger events all portfolios have had."""
        return sum(self.heads.values())

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a copy of a database is of: its contents, the version of the database, and of the tool that made it."""

    contents: Contents
    engine: str
    tool: str


class Store(Protocol):
    """A database that can be copied and put back; one implementation a kind."""

    @property
    def kind(self) -> DatabaseKind: ...

    @property
    def payload_name(self) -> str: ...

    @property
    def database_name(self) -> str: ...

    def snapshot(self, target: Path) -> Snapshot: ...

    def restored_beside(self, payload: Path, *, dumped_by: str) -> AbstractContextManager[Self]: ...

    def contents(self) -> Contents: ...

    def is_empty(self) -> bool: ...

    def put_in_place(self, restored: Self, *, stamp: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Payload:
    """The member of the archive that holds the database."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        format: of this file; a reader refuses one that it does not know.
        product: the version of Tickfolio that made it.
        made_at: the moment of the snapshot (real clock, UTC).
        engine: the version of the database that it was taken from.
        tool: the version of pg_dump that took it; empty for SQLite.
    """

    format: int
    product: str
    made_at: datetime
    reason: Reason
    kind: DatabaseKind
    engine: str
    tool: str
    payload: Payload
    contents: Contents


@dataclass(frozen=True, slots=True)
class _Head:
    """What every format will have, so that an unknown one can be named."""

    format: int
    product: str


def default_name(made_at: datetime, reason: Reason) -> str:
    """The name of a backup that was given none.

    >>> default_name(datetime(2026, 11, 26, 18, 9, 20, tzinfo=UTC), Reason.ASKED)
    'tickfolio-20261126T180920Z.zip'
    """
    why = "" if reason is Reason.ASKED else f"-{reason.value.replace('_', '-')}"
    return f"tickfolio-{stamp(made_at)}{why}{SUFFIX}"


def stamp(at: datetime) -> str:
    """A moment as file names carry it, in UTC."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@contextlib.contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """A folder of our own in `beside`, readable by its owner only and removed at the end; leftovers of others go first.

    Raises:
        BackupFailed: nothing can be written there.
    """
    try:
        beside.mkdir(parents=True, exist_ok=True)
        for leftover in beside.glob(f"{_SCRATCH_PREFIX}*"):
            _remove_if_abandoned(leftover)
        folder = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH_PREFIX}{os.getpid()}-", dir=beside))
    except OSError as error:
        raise BackupFailed(
            f"Expected a folder that can be written to at {beside}, found: {error.strerror or error}. "
            "Name another place, or give this user the right to write there."
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_backup(target: Path, manifest: Manifest, payload: Path) -> None:
    """Packs `payload` and its manifest into the new file `target`, readable by its owner only, and forces it to the disk."""
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    # A dump of PostgreSQL is compressed already.
    packing = zipfile.ZIP_DEFLATED if manifest.kind is DatabaseKind.SQLITE else zipfile.ZIP_STORED
    with os.fdopen(descriptor, "w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2))
            member = zipfile.ZipInfo(manifest.payload.name, manifest.made_at.timetuple()[:6])
            member.compress_type = packing
            with archive.open(member, "w", force_zip64=True) as into, payload.open("rb") as source:
                shutil.copyfileobj(source, into, _CHUNK_BYTES)
        stream.flush()
        os.fsync(stream.fileno())


def read_manifest(file: Path) -> Manifest:
    """What `file` says of itself.

    Raises:
        BackupUnusable: it is no backup, or one of a format that this version does not know.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _manifest_from(file, archive.read(MANIFEST))
    except OSError as error:
        raise BackupUnusable(f"Expected a backup at {file}, found: {error.strerror or error}.") from error
    except _DAMAGE as error:
        raise BackupUnusable(
            f"Expected a backup of Tickfolio in {file}, was a damaged one or something else ({error})."
        ) from error


def unpack(file: Path, manifest: Manifest, target: Path) -> None:
    """Writes the database of `file` to the new file `target`, readable by its owner only, and checks every byte.

    Raises:
        BackupUnusable: what is in it is not what its manifest says.
    """
    payload = manifest.payload
    try:
        with zipfile.ZipFile(file) as archive, archive.open(payload.name) as source, _new_file(target) as into:
            found_bytes, found_sha256 = _copy(source, into, limit=payload.bytes)
    except _DAMAGE as error:
        raise BackupUnusable(f"Expected an undamaged backup in {file}, was a damaged one ({error}).") from error
    if (found_bytes, found_sha256) != (payload.bytes, payload.sha256):
        raise BackupUnusable(
            f"Expected an undamaged backup in {file}, was a damaged one: {payload.name} has not the checksum that its "
            "manifest says."
        )


def payload_of(file: Path) -> Payload:
    """The description of a file that is about to be packed."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Payload(name=file.name, bytes=file.stat().st_size, sha256=digest)


def differences(expected: Contents, found: Contents) -> list[str]:
    """In what `found` is not as `expected`, in words; empty where nothing differs."""
    problems = []
    if expected.migrations != found.migrations:
        problems.append(f"{len(expected.migrations)} migrations expected, {len(found.migrations)} found")
    for name in sorted({*expected.tables, *found.tables}):
        wanted, got = expected.tables.get(name), found.tables.get(name)
        if wanted is None or got is None:
            problems.append(f"table {name} {'not expected' if wanted is None else 'missing'}")
        elif wanted.rows != got.rows:
            problems.append(f"{wanted.rows} rows in {name} expected, {got.rows} found")
        elif wanted.digest != got.digest:
            problems.append(f"other values in {name} than expected")
    if expected.heads != found.heads:
        problems.append(f"ledger sequence {expected.sequence} expected, {found.sequence} found")
    return problems


def backups_in(folder: Path, reason: Reason) -> list[Path]:
    """The backups there that were made for `reason` and given no name, newest first."""
    why = default_name(datetime.min.replace(tzinfo=UTC), reason).partition("Z")[2]
    return sorted(folder.glob(f"tickfolio-{'[0-9]' * 8}T{'[0-9]' * 6}Z{why}"), reverse=True)


def flush_folder(folder: Path) -> None:
    """Forces the names in a folder to the disk; a system that cannot (Windows) has nothing to do."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_file(file: Path) -> None:
    """Forces a file to the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def _manifest_from(file: Path, text: bytes) -> Manifest:
    head = msgspec.json.decode(text, type=_Head)
    if head.format != FORMAT:
        raise BackupUnusable(
            f"Expected a backup of format {FORMAT} in {file}, was one of format {head.format}, made by Tickfolio "
            f"{head.product}. Restore it with that version."
        )
    return msgspec.json.decode(text, type=Manifest)


def _new_file(target: Path) -> IO[bytes]:
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _copy(source: IO[bytes], into: IO[bytes], *, limit: int) -> tuple[int, str]:
    """Copies at most a chunk more than `limit`, so that a forged archive fills no disk; the bytes and their SHA-256."""
    digest, total = hashlib.sha256(), 0
    while total <= limit and (chunk := source.read(_CHUNK_BYTES)):
        digest.update(chunk)
        total += into.write(chunk)
    into.flush()
    os.fsync(into.fileno())
    return total, digest.hexdigest()


def _remove_if_abandoned(folder: Path) -> None:
    """Removes a scratch folder whose process has gone."""
    owner = folder.name.removeprefix(_SCRATCH_PREFIX).partition("-")[0]
    try:
        os.kill(int(owner), 0)
    except (ValueError, ProcessLookupError):
        shutil.rmtree(folder, ignore_errors=True)
    except PermissionError:
        return  # it runs, as another user
