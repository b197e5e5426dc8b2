import random
import stat
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tickfolio.errors import BackupFailed, BackupUnusable
from tickfolio.runtime import backups
from tickfolio.runtime.backups import Contents, DatabaseKind, Manifest, Reason, TableState

MADE_AT = datetime(2026, 11, 26, 18, 9, 20, tzinfo=UTC)
HELD = Contents(
    migrations=("identity.0001_initial", "persistence.0001_initial"),
    tables={"instrument": TableState(5), "portfolio": TableState(2, "77")},
    heads={"6f1c2a34-0000-4000-8000-000000000001": 41, "6f1c2a34-0000-4000-8000-000000000002": 1},
)


def written(folder: Path, *, size: int = 5000, kind: DatabaseKind = DatabaseKind.SQLITE) -> tuple[Path, Manifest]:
    """A backup of bytes that cannot be made smaller, and its manifest."""
    payload = folder / "database.sqlite3"
    payload.write_bytes(random.Random(7).randbytes(size))
    manifest = Manifest(
        format=backups.FORMAT,
        product="0.1.0",
        made_at=MADE_AT,
        reason=Reason.ASKED,
        kind=kind,
        engine="3.40.1",
        tool="",
        payload=backups.payload_of(payload),
        contents=HELD,
    )
    file = folder / "backup.zip"
    backups.write_backup(file, manifest, payload)
    return file, manifest


@pytest.mark.parametrize("kind", DatabaseKind)
def test_what_was_packed_comes_out_again(tmp_path: Path, kind: DatabaseKind) -> None:
    file, manifest = written(tmp_path, kind=kind)
    assert backups.read_manifest(file) == manifest
    backups.unpack(file, manifest, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "database.sqlite3").read_bytes()


def test_only_its_owner_may_read_a_backup_and_what_is_unpacked(tmp_path: Path) -> None:
    file, manifest = written(tmp_path)
    backups.unpack(file, manifest, tmp_path / "out")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, tmp_path / "out")] == [0o600, 0o600]


def test_manifest_is_readable_by_people_and_other_programs(tmp_path: Path) -> None:
    file, _manifest = written(tmp_path)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "database.sqlite3"]
        assert b'  "made_at": "2026-11-26T18:09:20Z",\n' in archive.read("manifest.json")


def test_every_damaged_byte_is_noticed_or_harmless(tmp_path: Path) -> None:
    file, manifest = written(tmp_path, size=300)
    whole, good = file.read_bytes(), (tmp_path / "database.sqlite3").read_bytes()
    noticed = 0
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        (tmp_path / "out").unlink(missing_ok=True)
        try:
            found = backups.read_manifest(file)
            backups.unpack(file, found, tmp_path / "out")
        except BackupUnusable:
            noticed += 1
        else:
            # A byte of a date or a permission in the archive's own lists changes nothing that is restored.
            assert (found, (tmp_path / "out").read_bytes()) == (manifest, good)
    assert noticed > len(whole) // 2


def test_cut_file_is_refused_at_every_length(tmp_path: Path) -> None:
    file, _manifest = written(tmp_path, size=300)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(BackupUnusable, match=str(file)):
            backups.unpack(file, backups.read_manifest(file), tmp_path / "out")


def test_payload_of_another_backup_is_refused(tmp_path: Path) -> None:
    file, manifest = written(tmp_path)
    other = replace(manifest, payload=replace(manifest.payload, sha256="0" * 64))
    with pytest.raises(BackupUnusable, match=r"database\.sqlite3 has not the checksum"):
        backups.unpack(file, other, tmp_path / "out")


def test_payload_that_is_far_longer_than_it_says_fills_no_disk(tmp_path: Path) -> None:
    file, manifest = written(tmp_path, size=10 << 20)
    with pytest.raises(BackupUnusable):
        backups.unpack(file, replace(manifest, payload=replace(manifest.payload, bytes=10)), tmp_path / "out")
    assert (tmp_path / "out").stat().st_size <= 2 << 20


def test_format_that_is_not_known_is_refused_with_the_version_that_made_it(tmp_path: Path) -> None:
    file = tmp_path / "newer.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", '{"format": 2, "product": "9.9.0", "parts": []}')
    with pytest.raises(
        BackupUnusable, match=r"format 1 in .*newer\.zip, was one of format 2, made by Tickfolio 9\.9\.0"
    ):
        backups.read_manifest(file)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "one"}', '{"format": 1, "product": "0.1.0"}', "\xff"])
def test_manifest_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", text.encode("latin-1"))
    with pytest.raises(BackupUnusable, match=r"odd\.zip"):
        backups.read_manifest(file)


def test_file_that_is_missing_or_something_else_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match=r"missing\.zip, found: No such file"):
        backups.read_manifest(tmp_path / "missing.zip")
    (tmp_path / "letter.txt").write_text("Dear reader")
    with pytest.raises(BackupUnusable, match=r"letter\.txt"):
        backups.read_manifest(tmp_path / "letter.txt")
    with pytest.raises(BackupUnusable, match="Is a directory"):
        backups.read_manifest(tmp_path)


def test_each_difference_is_told_in_words() -> None:
    assert backups.differences(HELD, HELD) == []
    found = Contents(
        migrations=HELD.migrations[:1],
        tables={"instrument": TableState(4), "portfolio": TableState(2, "78"), "stranger": TableState(0)},
        heads={"6f1c2a34-0000-4000-8000-000000000001": 40},
    )
    assert backups.differences(HELD, found) == [
        "2 migrations expected, 1 found",
        "5 rows in instrument expected, 4 found",
        "other values in portfolio than expected",
        "table stranger not expected",
        "ledger sequence 42 expected, 40 found",
    ]
    assert backups.differences(found, HELD)[-2] == "table stranger missing"


def test_unnamed_backups_are_found_by_their_reason_newest_first(tmp_path: Path) -> None:
    moments = [MADE_AT.replace(day=day) for day in (3, 21, 12)]
    for moment in moments:
        (tmp_path / backups.default_name(moment, Reason.BEFORE_MIGRATION)).touch()
    (tmp_path / backups.default_name(MADE_AT, Reason.ASKED)).touch()
    (tmp_path / "tickfolio-mine-before-migration.zip").touch()
    found = [file.name[16:18] for file in backups.backups_in(tmp_path, Reason.BEFORE_MIGRATION)]
    assert found == ["21", "12", "03"]
    assert len(backups.backups_in(tmp_path, Reason.ASKED)) == 1


def test_scratch_folder_is_gone_afterwards_and_takes_leftovers_of_dead_processes_with_it(tmp_path: Path) -> None:
    dead = tmp_path / ".tickfolio-unfinished-999999999-abc"
    dead.mkdir()
    with backups.scratch_folder(tmp_path) as mine:
        assert not dead.exists()
        assert stat.S_IMODE(mine.stat().st_mode) == 0o700
        with backups.scratch_folder(tmp_path):
            assert mine.exists()  # its process lives
    assert list(tmp_path.iterdir()) == []


def test_place_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(BackupFailed, match="Expected a folder that can be written to"),
        backups.scratch_folder(tmp_path / "file"),
    ):
        pass
