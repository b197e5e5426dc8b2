import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from pytest_django import Settings

from tickfolio.errors import BackupFailed, BackupUnusable, RestoreRefused
from tickfolio.runtime import backups
from tickfolio.runtime.backups import DatabaseKind, Manifest, Reason
from tickfolio.services.backups import (
    KEPT_AUTOMATIC_BACKUPS,
    backup_before_migration,
    backup_make,
    backup_restore,
    configured_store,
)

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 26, 18, 9, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.TICKFOLIO_DATA = tmp_path / "data"
    return tmp_path / "data"


def rewritten(file: Path, manifest: Manifest) -> Path:
    """The same backup under another manifest."""
    other = file.with_name("rewritten.zip")
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(other, "w") as changed:
        changed.writestr("manifest.json", msgspec.json.encode(manifest))
        changed.writestr(manifest.payload.name, archive.read(manifest.payload.name))
    return other


def test_backup_holds_what_was_committed_and_nobodys_session(data_dir: Path) -> None:
    get_user_model().objects.create(email="ada@example.org")
    SessionStore().create()
    made = backup_make(at=AT)
    assert made.file == data_dir / "backups" / "tickfolio-20261126T180920Z.zip"
    assert made.bytes == made.file.stat().st_size
    assert made.manifest == backups.read_manifest(made.file)
    assert made.manifest.kind.value == connection.vendor
    held = made.manifest.contents
    assert held.tables["identity_user"].rows == 1
    assert held.tables["django_session"].rows == 0
    assert "persistence.0001_initial" in held.migrations
    assert made.proof == "restored into a scratch database and compared"
    assert [file.name for file in made.file.parent.iterdir()] == [made.file.name]


def test_secret_key_is_not_in_a_backup(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "secret_key").write_text("only the instance knows it")
    made = backup_make(at=AT)
    with zipfile.ZipFile(made.file) as archive:
        assert archive.namelist() == ["manifest.json", made.manifest.payload.name]
        assert not any(b"only the instance" in archive.read(name) for name in archive.namelist())


def test_file_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")
    with pytest.raises(BackupFailed, match=r"Expected a new file, found one at .*mine\.zip"):
        backup_make(file=tmp_path / "mine.zip", at=AT)
    assert (tmp_path / "mine.zip").read_text() == "mine"


def test_ten_automatic_backups_are_kept_and_every_one_that_was_asked_for(data_dir: Path) -> None:
    asked = backup_make(at=AT)
    made = [backup_before_migration(at=AT + timedelta(minutes=turn)) for turn in range(KEPT_AUTOMATIC_BACKUPS + 2)]
    left = {file.name for file in (data_dir / "backups").iterdir()}
    assert left == {asked.file.name, *(each.file.name for each in made[-KEPT_AUTOMATIC_BACKUPS:])}
    assert all(each.manifest.reason is Reason.BEFORE_MIGRATION for each in made)


def test_automatic_backup_that_fails_leaves_nothing_and_says_why(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "backups").write_text("a file where the folder should be")
    with pytest.raises(BackupFailed, match="Expected a folder that can be written to"):
        backup_before_migration(at=AT)


def test_database_that_is_there_is_not_replaced_unasked() -> None:
    get_user_model().objects.create(email="ada@example.org")
    made = backup_make(at=AT)
    with pytest.raises(RestoreRefused, match="--replace"):
        backup_restore(file=made.file, replaces=False, at=AT)
    assert get_user_model().objects.get().email == "ada@example.org"


def test_backup_of_a_newer_version_is_refused_by_its_migrations() -> None:
    made = backup_make(at=AT)
    held = replace(made.manifest.contents, migrations=(*made.manifest.contents.migrations, "persistence.9999_newer"))
    newer = rewritten(made.file, replace(made.manifest, product="9.0.0", contents=held))
    with pytest.raises(BackupUnusable, match=r"was one of Tickfolio 9\.0\.0 with persistence\.9999_newer"):
        backup_restore(file=newer, replaces=True, at=AT)


def test_backup_of_the_other_kind_of_database_is_refused() -> None:
    made = backup_make(at=AT)
    [other] = set(DatabaseKind) - {made.manifest.kind}
    with pytest.raises(
        BackupUnusable, match=f"Expected a backup of {connection.vendor} in .*, was one of {other.value}"
    ):
        backup_restore(file=rewritten(made.file, replace(made.manifest, kind=other)), replaces=True, at=AT)


def test_backup_that_holds_other_than_it_says_is_refused_and_nothing_is_replaced(data_dir: Path) -> None:
    get_user_model().objects.create(email="ada@example.org")
    made = backup_make(at=AT)
    tables = {**made.manifest.contents.tables}
    tables["identity_user"] = replace(tables["identity_user"], rows=2)
    wrong = rewritten(made.file, replace(made.manifest, contents=replace(made.manifest.contents, tables=tables)))
    with pytest.raises(BackupUnusable, match="2 rows in identity_user expected, 1 found"):
        backup_restore(file=wrong, replaces=True, at=AT)
    assert get_user_model().objects.get().email == "ada@example.org"
    assert not list(data_dir.glob(".tickfolio-*"))


def test_configured_store_is_the_one_that_django_uses() -> None:
    get_user_model().objects.create(email="ada@example.org")
    assert configured_store().contents().tables["identity_user"].rows == 1
