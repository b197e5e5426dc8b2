from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tickfolio.errors import BackupUnusable, StartupRefused
from tickfolio.runtime.data_lock import hold_data_dir


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.TICKFOLIO_DATA = tmp_path / "data"
    settings.TICKFOLIO_DATA.mkdir()
    return tmp_path / "data"


def test_running_product_is_not_restored_under_its_feet(data_dir: Path, tmp_path: Path) -> None:
    with (
        hold_data_dir(data_dir, doing="at http://127.0.0.1:8000/"),
        pytest.raises(StartupRefused, match=r"in use by process \d+ at http://127\.0\.0\.1:8000/"),
    ):
        call_command("restore", str(tmp_path / "any.zip"), replace=True)


def test_file_that_is_no_backup_is_named_and_the_directory_is_free_again(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match=r"missing\.zip"):
        call_command("restore", str(tmp_path / "missing.zip"))
    hold_data_dir(data_dir, doing="testing").close()
