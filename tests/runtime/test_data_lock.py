import os
import threading
from pathlib import Path

import pytest

from tickfolio.errors import StartupRefused
from tickfolio.runtime.data_lock import forgotten_if_refused, hold_data_dir, in_turn, recorded_address, share_data_dir


def test_second_process_is_refused_and_told_who_was_first(tmp_path: Path) -> None:
    first = hold_data_dir(tmp_path, doing="at http://127.0.0.1:8000")
    with pytest.raises(StartupRefused, match=f"process {os.getpid()} at http://127.0.0.1:8000"):
        hold_data_dir(tmp_path, doing="at http://127.0.0.1:8001")
    first.close()


def test_directory_is_free_again_when_the_first_has_gone(tmp_path: Path) -> None:
    hold_data_dir(tmp_path, doing="first").close()
    second = hold_data_dir(tmp_path, doing="second")
    assert "second" in (tmp_path / "lock").read_text()
    second.close()


def test_other_directories_are_not_concerned(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = hold_data_dir(tmp_path, doing="1"), hold_data_dir(tmp_path / "other", doing="2")
    first.close()
    second.close()


def test_the_address_of_a_server_is_known_while_it_runs_and_after_it(tmp_path: Path) -> None:
    assert recorded_address(tmp_path) == ""
    with hold_data_dir(tmp_path, doing="at http://127.0.0.1:8042/"):
        assert recorded_address(tmp_path) == "http://127.0.0.1:8042/"
    assert recorded_address(tmp_path) == "http://127.0.0.1:8042/"


@pytest.mark.parametrize("doing", ["restoring a backup", "at home"])
def test_a_process_that_is_no_server_has_no_address(tmp_path: Path, doing: str) -> None:
    hold_data_dir(tmp_path, doing=doing).close()
    assert recorded_address(tmp_path) == ""


def test_processes_that_share_the_work_share_the_directory_and_refuse_one_that_does_everything(tmp_path: Path) -> None:
    with share_data_dir(tmp_path), share_data_dir(tmp_path), pytest.raises(StartupRefused, match="found it in use"):
        hold_data_dir(tmp_path, doing="at http://127.0.0.1:8000")
    with (
        hold_data_dir(tmp_path, doing="at http://127.0.0.1:8000"),
        pytest.raises(StartupRefused, match="does everything by itself, found it in use by process"),
    ):
        share_data_dir(tmp_path)


def test_who_shares_the_directory_is_named_and_not_who_ran_before(tmp_path: Path) -> None:
    hold_data_dir(tmp_path, doing="at http://127.0.0.1:8042/").close()
    with share_data_dir(tmp_path):
        with pytest.raises(StartupRefused, match="in use by the processes of `tickfolio web`, `feeds` or `worker`"):
            hold_data_dir(tmp_path, doing="at http://127.0.0.1:8000")
        assert recorded_address(tmp_path) == ""


def test_a_start_that_is_refused_leaves_nothing_that_tells_of_it(tmp_path: Path) -> None:
    with (
        hold_data_dir(tmp_path, doing="at http://127.0.0.1:8042/") as held,
        pytest.raises(StartupRefused),
        forgotten_if_refused(held),
    ):
        raise StartupRefused("no database")
    assert (tmp_path / "lock").read_text() == ""


def test_what_is_done_in_turn_is_not_done_at_once(tmp_path: Path) -> None:
    done: list[str] = []

    def second() -> None:
        with in_turn(tmp_path):
            done.append("second")

    with in_turn(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.1)
        done.append("first")
    thread.join(20)
    assert done == ["first", "second"]
