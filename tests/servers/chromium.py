"""A real Chromium for the browser tests, on any machine.

In this order: the program that CHROMIUM names; Chromium's headless shell on PATH; Debian's package of it, when root may
install it; any other Chromium on PATH; the build that Playwright downloads. The shell is Chromium without windows, which
Playwright drives by default: it does all that a page asks of it, and takes a third less of the machine for it than one that
hides its windows. A test without a browser fails and says so; it is never skipped.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.servers.process import version_of

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""What the tests start it with: no traffic of its own."""


class NoChromium(Exception):
    """No browser was found or could be installed; the message says what to do."""


def find_chromium() -> Path:
    """The browser to test with.

    Raises:
        NoChromium: there is none.
    """
    for candidate in candidates():
        if version_of([str(candidate), "--version"]):
            return candidate
    raise NoChromium(
        "No Chromium was found. Install one, or set CHROMIUM to its program; ./dev test does it where it can."
    )


def provide_chromium() -> Path:
    """The browser to test with, installed when there is none.

    Raises:
        NoChromium: there is none, and none could be installed.
    """
    complaints = []
    steps: list[Callable[[], None]] = [prefer_the_shell, install_by_apt, install_by_playwright]
    for install in steps:
        try:
            install()
            return find_chromium()
        except (NoChromium, OSError, subprocess.CalledProcessError) as error:
            complaints.append(str(error))
    raise NoChromium("\n".join(complaints))


def candidates() -> Iterator[Path]:
    """The programs that may be the browser."""
    if given := os.environ.get("CHROMIUM"):
        yield Path(given)
        return
    for name in NAMES:
        if on_path := shutil.which(name):
            yield Path(on_path)
    yield playwright_build()


def playwright_build() -> Path:
    """Where Playwright keeps the build that belongs to it, installed or not. Asked in a process of its own."""
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def prefer_the_shell() -> None:
    """The first step of an installation: perhaps none is needed, and where the shell cannot be had another will do."""
    if not os.environ.get("CHROMIUM") and shutil.which(SHELL) is None:
        with contextlib.suppress(NoChromium, OSError, subprocess.CalledProcessError):
            install_by_apt()


def install_by_apt() -> None:
    """Installs Debian's package. Ubuntu's packages of such names are only pointers to a snap."""
    if os.geteuid() != 0 or not is_debian():
        raise NoChromium(f"Only root on Debian can install the package {SHELL}.")
    print("dev: installing Chromium by apt-get …", file=sys.stderr, flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quietly(["apt-get", "update", "-q"], environment)
    quietly(["apt-get", "install", "-q", "-y", "--no-install-recommends", SHELL], environment)


def install_by_playwright() -> None:
    """Downloads Playwright's own build, as root with the libraries that it needs."""
    print("dev: installing Chromium by playwright …", file=sys.stderr, flush=True)
    libraries = ["--with-deps"] if os.geteuid() == 0 else []
    quietly([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], dict(os.environ))


def is_debian() -> bool:
    """Whether this is Debian itself."""
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text().splitlines() and shutil.which("apt-get") is not None


def quietly(command: list[str], environment: dict[str, str]) -> None:
    """Runs a command.

    Raises:
        NoChromium: it failed; the message holds the end of its output.
    """
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoChromium(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
