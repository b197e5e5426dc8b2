from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tickfolio.runtime.backups import read_manifest


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.TICKFOLIO_DATA = tmp_path / "data"
    return tmp_path / "data"


@pytest.mark.django_db(transaction=True)
def test_backup_is_named_with_what_is_in_it_and_how_it_was_proved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup", str(tmp_path / "mine.zip"))
    first, second = capsys.readouterr().out.splitlines()
    held = read_manifest(tmp_path / "mine.zip").contents
    assert first.startswith(f"Backed up to {tmp_path / 'mine.zip'} (")
    assert second == (
        f"It holds 0 portfolios at ledger sequence 0, {len(held.tables)} tables and {held.rows:,} rows. "
        "Proof: restored into a scratch database and compared."
    )


@pytest.mark.django_db(transaction=True)
def test_backup_without_a_name_is_dated_and_in_the_data_directory(data_dir: Path) -> None:
    call_command("backup")
    [made] = (data_dir / "backups").iterdir()
    assert made.match("tickfolio-20??????T??????Z.zip")
