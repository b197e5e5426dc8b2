from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tickfolio.runtime import startup_checks


@pytest.mark.django_db
def test_migrated_database_is_written_down(settings: Settings, tmp_path: Path) -> None:
    settings.TICKFOLIO_DATA = tmp_path
    call_command("migrate", verbosity=0)
    assert (tmp_path / startup_checks.MARKER).exists()


@pytest.mark.django_db
def test_newer_database_is_refused_before_anything_is_changed(settings: Settings, tmp_path: Path) -> None:
    from django.db import connection

    settings.TICKFOLIO_DATA = tmp_path
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('identity', '9999_newer', CURRENT_TIMESTAMP)"
        )
    with pytest.raises(CommandError, match="9999_newer"):
        call_command("migrate", verbosity=0)
    assert not (tmp_path / startup_checks.MARKER).exists()
