"""Backups: one file of the whole instance, proved by restoring it; and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from tickfolio.errors import BackupFailed, BackupUnusable, RestoreRefused
from tickfolio.runtime import backups
from tickfolio.runtime.backups import Contents, Manifest, Reason, Store
from tickfolio.runtime.postgresql_copies import MayNotCreate, PostgresqlStore
from tickfolio.runtime.sqlite_copies import SqliteStore
from tickfolio.runtime.startup_checks import has_pending_migrations, note_initialised
from tickfolio.words import phrase

KEPT_AUTOMATIC_BACKUPS = 10
_RESTORED = "restored"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that stands.

    Attributes:
        proof: how it was verified, in words.
    """

    file: Path
    bytes: int
    manifest: Manifest
    proof: str


@dataclass(frozen=True, slots=True)
class RestoredBackup:
    """What a restore came to.

    Attributes:
        kept: where the replaced database is now, or None where there was none.
        is_migrated: the backup was of an older version, and its database has been brought up to this one.
    """

    manifest: Manifest
    kept: str | None
    is_migrated: bool


def _free_place(reason: Reason, at: datetime) -> Path:
    """The place of a backup of `at`, or of the next second that has none: names tell seconds, and two may be made in one."""
    folder: Path = settings.TICKFOLIO_DATA / backups.FOLDER
    while (place := folder / backups.default_name(at, reason)).exists():
        at += timedelta(seconds=1)
    return place


def backup_make(*, file: Path | None = None, reason: Reason = Reason.ASKED, at: datetime) -> MadeBackup:
    """Writes the instance's database into a new file, and proves the file by restoring it elsewhere.

    It is of one moment, also while others write, and holds neither the secret key nor anybody's session.

    Args:
        file: the new file; one of `at` in the data directory's backups where None.
        at: the real moment, UTC.

    Raises:
        BackupFailed: something is in the way, or what was written is not what it should be; then no file is left.
    """
    target = file or _free_place(reason, at)
    if target.exists():
        raise BackupFailed(
            phrase("Expected a new file, found one at {target}. Choose another name, or remove it.", target=target)
        )
    store = configured_store()
    with backups.scratch_folder(target.parent) as folder:
        payload = folder / store.payload_name
        snapshot = store.snapshot(payload)
        manifest = Manifest(
            format=backups.FORMAT,
            product=version("tickfolio"),
            made_at=at,
            reason=reason,
            kind=store.kind,
            engine=snapshot.engine,
            tool=snapshot.tool,
            payload=backups.payload_of(payload),
            contents=snapshot.contents,
        )
        packed = folder / "packed"
        backups.write_backup(packed, manifest, payload)
        payload.unlink()
        proof = _proof(store, packed, folder)
        size = packed.stat().st_size
        packed.replace(target)
        backups.flush_folder(target.parent)
    return MadeBackup(target, size, manifest, proof)


def backup_before_migration(*, at: datetime) -> MadeBackup:
    """Backs up a database that is about to be migrated, and says so in the log; the oldest such backups go.

    Raises:
        BackupFailed: there is no backup now, so there must be no migration.
    """
    made = backup_make(reason=Reason.BEFORE_MIGRATION, at=at)
    log.warning("backup.before_migration", file=str(made.file), proof=made.proof)
    for old in backups.backups_in(made.file.parent, Reason.BEFORE_MIGRATION)[KEPT_AUTOMATIC_BACKUPS:]:
        old.unlink(missing_ok=True)
    return made


def backup_restore(*, file: Path, replaces: bool, at: datetime) -> RestoredBackup:
    """Puts the database of a backup in the place of the instance's, which nobody may be using, in one step.

    Whenever it is interrupted, the database is the old one or the new one.

    Args:
        replaces: there may be a database already. It is kept under another name.
        at: the real moment, UTC.

    Raises:
        BackupUnusable: the file is none that this version can restore here.
        RestoreRefused: there is a database and it must not be replaced, or somebody uses it.
        BackupFailed: the database or its tools do not do their part.
    """
    manifest = backups.read_manifest(file)
    store = configured_store()
    _refuse_unfit(file, manifest, store)
    is_empty = store.is_empty()
    if not (is_empty or replaces):
        raise RestoreRefused(
            phrase(
                "Expected no database yet, found one at {database_name}. To put the backup in its place, and "
                "keep it under another name, restore with --replace.",
                database_name=store.database_name,
            )
        )
    with backups.scratch_folder(settings.TICKFOLIO_DATA) as folder:
        payload = folder / store.payload_name
        backups.unpack(file, manifest, payload)
        connection.close()
        try:
            restored = _put_in_place(store, payload, manifest, stamp=backups.stamp(at))
        except MayNotCreate as refusal:
            if not (is_empty and isinstance(store, PostgresqlStore)):
                raise RestoreRefused(
                    phrase("{refusal} Or make an empty database and name it in DATABASE_URL.", refusal=refusal)
                ) from refusal
            restored = _put_into_empty(store, payload, manifest)
    note_initialised(settings.TICKFOLIO_DATA, connection)
    return restored


def configured_store() -> Store:
    """The database that the settings name."""
    configured = connection.settings_dict
    if connection.vendor == "sqlite":
        return SqliteStore(Path(configured["NAME"]))
    options = {"dbname": configured["NAME"], "user": configured["USER"], "host": configured["HOST"]}
    options |= {"port": configured["PORT"], **configured["OPTIONS"]}
    return PostgresqlStore(
        options={name: str(value) for name, value in options.items() if value and name != "pool"},
        password=configured["PASSWORD"],
        tools_folder=settings.TICKFOLIO_POSTGRESQL_BIN,
    )


# ---------- Proof ----------


def _proof(store: Store, file: Path, folder: Path) -> str:
    """Restores `file`, compares what comes out with what it says, and tells in words how that was done.

    Raises:
        BackupFailed: it is not what it should be.
    """
    payload = folder / store.payload_name
    try:
        manifest = backups.read_manifest(file)
        backups.unpack(file, manifest, payload)
        return _proof_of(store, manifest, payload)
    except BackupUnusable as problem:
        raise BackupFailed(
            phrase("Expected a backup that can be restored, was one that cannot: {problem}", problem=problem)
        ) from problem


def _proof_of(store: Store, manifest: Manifest, payload: Path) -> str:
    try:
        with store.restored_beside(payload, dumped_by=manifest.tool) as scratch:
            _refuse_differences(manifest.contents, scratch.contents())
    except MayNotCreate as refusal:
        assert isinstance(store, PostgresqlStore)
        _refuse_other_rows(manifest.contents, store.read_through(payload, dumped_by=manifest.tool))
        return phrase("read to its end and every table's rows counted, but not restored: {refusal}", refusal=refusal)
    return phrase("restored into a scratch database and compared")


def _refuse_differences(expected: Contents, found: Contents) -> None:
    if problems := backups.differences(expected, found):
        raise BackupUnusable(
            phrase("Expected what the manifest says, found: {problems}.", problems="; ".join(problems[:5]))
        )


def _refuse_other_rows(expected: Contents, found: dict[str, int]) -> None:
    problems = [
        phrase("{rows} rows in {name} expected, {get} found", rows=table.rows, name=name, get=found.get(name, 0))
        for name, table in expected.tables.items()
        if table.rows != found.get(name, 0)
    ]
    if problems:
        raise BackupUnusable(
            phrase("Expected what the manifest says, found: {problems}.", problems="; ".join(problems[:5]))
        )


# ---------- Restoring ----------


def _refuse_unfit(file: Path, manifest: Manifest, store: Store) -> None:
    if manifest.kind is not store.kind:
        raise BackupUnusable(
            phrase(
                "Expected a backup of {expected} in {file}, was one of {found}. It can be restored into {found} only: see DATABASE_URL.",
                expected=store.kind.value,
                file=file,
                found=manifest.kind.value,
            )
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ()}
    if newer := [name for name in manifest.contents.migrations if name not in known]:
        raise BackupUnusable(
            phrase(
                "Expected a backup of this version or an older one in {file}, was one of Tickfolio {product} "
                "with {newer}. Restore it with that version.",
                file=file,
                product=manifest.product,
                newer=", ".join(newer[:3]),
            )
        )


def _put_in_place(store: Store, payload: Path, manifest: Manifest, *, stamp: str) -> RestoredBackup:
    with store.restored_beside(payload, dumped_by=manifest.tool) as restored:
        _refuse_differences(manifest.contents, restored.contents())
        is_migrated = _migrate_forward(restored.database_name)
        kept = store.put_in_place(restored, stamp=stamp)
    return RestoredBackup(manifest, kept, is_migrated)


def _put_into_empty(store: PostgresqlStore, payload: Path, manifest: Manifest) -> RestoredBackup:
    """The way where no database may be created beside this one, which is empty: all or nothing in one transaction."""
    store.restore_into_empty(payload, dumped_by=manifest.tool)
    _refuse_differences(manifest.contents, store.contents())
    return RestoredBackup(manifest, None, _migrate_forward(store.database_name))


def _migrate_forward(name: str) -> bool:
    """Brings the database `name`, on the configured server, up to this version; whether anything was to be done."""
    options = {key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "pool"}
    other: dict[str, Any] = {**connection.settings_dict, "NAME": name, "OPTIONS": options}
    connections.settings[_RESTORED] = other
    try:
        database = connections[_RESTORED]
        if not has_pending_migrations(database):
            return False
        call_command(DjangoMigrate(), database=_RESTORED, verbosity=0, interactive=False)
        return True
    finally:
        connections[_RESTORED].close()
        del connections[_RESTORED]
        del connections.settings[_RESTORED]
