"""A server process is watched: it dies with the test run that started it, however that run ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.process import ServerProcess, free_port, version_of

ROOT = Path(__file__).parents[2]
SLEEPER = [sys.executable, "-I", "-c", "import time; print('up', flush=True); time.sleep(600)"]
A_TEST_RUN = """
import sys, time
from pathlib import Path
from tests.servers.process import ServerProcess
folder = Path(sys.argv[1])
server = ServerProcess([sys.executable, "-I", "-c", "import time; time.sleep(600)"], log=folder / "log", folder=folder)
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


def is_running(pid: int) -> bool:
    """Whether a process still runs; one that ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and ") Z " in state.read_text())


def test_a_killed_test_run_takes_its_server_and_folder_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    run = subprocess.Popen([sys.executable, "-c", A_TEST_RUN, str(folder)], stdout=subprocess.PIPE, cwd=ROOT)
    with run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        run.kill()
    deadline = time.monotonic() + 10
    while (is_running(pid) or folder.exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(pid)
    assert not folder.exists()


def test_a_server_that_ends_at_once_is_reported_with_its_log(tmp_path: Path) -> None:
    server = ServerProcess([sys.executable, "-I", "-c", "raise SystemExit('no disk')"], log=tmp_path / "log")
    server.start()
    with pytest.raises(RuntimeError, match="ended with 1:\nno disk"):
        server.wait_until(lambda: False)
    assert server.stop() == 1


def test_a_server_that_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    server = ServerProcess([sys.executable, "-I", "-c", deaf], log=tmp_path / "log")
    server.start()
    server.wait_until(lambda: "up" in server.log_tail())
    assert server.stop(seconds=0.1) == -signal.SIGKILL


def test_a_frozen_server_goes_on_when_it_is_resumed(tmp_path: Path) -> None:
    server = ServerProcess(SLEEPER, log=tmp_path / "log")
    server.start()
    server.wait_until(lambda: "up" in server.log_tail())
    server.pause()
    server.resume()
    assert server.returncode is None
    assert server.stop() == -signal.SIGTERM


def test_a_free_port_can_be_listened_on() -> None:
    assert 1024 <= free_port() <= 65535


def test_the_version_of_a_program_that_does_not_run_is_empty() -> None:
    assert version_of([os.devnull, "--version"]) == ()
    assert version_of([sys.executable, "-V"]) >= (3, 12)
