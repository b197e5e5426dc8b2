from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from tickfolio.errors import BackupFailed, StartupRefused
from tickfolio.runtime import startup_checks


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.TICKFOLIO_DATA = tmp_path
    return tmp_path


@pytest.fixture
def one_waits(transactional_db: None) -> Iterator[None]:
    """The database as if the previous version had left it: its newest step is taken back, and taken again afterwards."""
    call_command("migrate", "sessions", "zero", verbosity=0, no_backup=True)
    yield
    call_command("migrate", verbosity=0, no_backup=True)


@pytest.mark.django_db
def test_migrated_database_is_written_down_with_its_place(data_dir: Path) -> None:
    call_command("migrate", verbosity=0)
    assert (data_dir / startup_checks.MARKER).read_text().strip() == startup_checks.place_of(connection)


@pytest.mark.django_db
def test_newer_database_is_refused_before_anything_is_changed(data_dir: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('identity', '9999_newer', CURRENT_TIMESTAMP)"
        )
    with pytest.raises(StartupRefused, match="9999_newer"):
        call_command("migrate", verbosity=0)
    assert list(data_dir.iterdir()) == []


@pytest.mark.django_db
def test_nothing_to_migrate_needs_no_backup(data_dir: Path) -> None:
    call_command("migrate", verbosity=0)
    assert not (data_dir / "backups").exists()


@pytest.mark.usefixtures("one_waits")
def test_database_is_backed_up_before_it_is_migrated(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate")
    [made] = (data_dir / "backups").iterdir()
    assert made.name.endswith("-before-migration.zip")
    assert f"Backed up to {made}." in capsys.readouterr().out
    assert not startup_checks.has_pending_migrations(connection)


@pytest.mark.usefixtures("one_waits")
def test_step_back_is_backed_up_as_well(data_dir: Path) -> None:
    call_command("migrate", "sessions", "zero", verbosity=0)
    assert len(list((data_dir / "backups").iterdir())) == 1


@pytest.mark.usefixtures("one_waits")
def test_looking_at_the_plan_makes_no_backup(data_dir: Path) -> None:
    call_command("migrate", plan=True)
    with pytest.raises(SystemExit):
        call_command("migrate", check_unapplied=True)
    assert not (data_dir / "backups").exists()


@pytest.mark.usefixtures("one_waits")
def test_backup_that_fails_stops_the_migration(data_dir: Path) -> None:
    (data_dir / "backups").write_text("a file where the folder should be")
    with pytest.raises(BackupFailed, match=r"which was not begun\. Expected a folder .* --no-backup"):
        call_command("migrate", verbosity=0)
    assert startup_checks.has_pending_migrations(connection)
