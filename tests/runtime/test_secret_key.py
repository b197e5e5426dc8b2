import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tickfolio.runtime.secret_key import ensure_secret_key


def test_secret_is_long_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret_key"
    ensure_secret_key(file)
    assert len(file.read_text()) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secret_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    ensure_secret_key(file)
    first = file.read_text()
    ensure_secret_key(file)
    assert file.read_text() == first


def test_two_first_starts_at_once_agree_and_leave_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ensure_secret_key, [file] * 8))
    assert [found.name for found in tmp_path.iterdir()] == ["secret_key"]
    assert len(file.read_text()) >= 64
