"""What every test may use: real servers, the product as a process, and the kinds that the summary counts."""

import atexit
import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The settings read these when Django starts, which is before any fixture runs.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
os.environ.setdefault("TICKFOLIO_MODE", "test")
if "TICKFOLIO_DATA" not in os.environ:
    os.environ["TICKFOLIO_DATA"] = tempfile.mkdtemp(prefix="tickfolio-tests-")
    atexit.register(shutil.rmtree, os.environ["TICKFOLIO_DATA"], ignore_errors=True)
elif "PYTEST_XDIST_WORKER" in os.environ:
    # A worker has a database of its own, and a data folder belongs to one: what a test notes in it is not another worker's.
    os.environ["TICKFOLIO_DATA"] = tempfile.mkdtemp(prefix="worker-", dir=os.environ["TICKFOLIO_DATA"])

import django

django.setup()
# A worker that found it in what it inherits would read the settings before this file, and with them this process's folder.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.servers.chromium import find_chromium
from tests.servers.postgres import PostgresServer, any_postgres, new_database, postgres_server
from tests.servers.product import Product, running_product
from tests.servers.valkey import ValkeyServer, any_valkey, valkey_server
from tests.tenancy_guard import guard

ROOT = Path(__file__).parents[1]
IS_ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
KINDS_BY_FIXTURE = {
    "browser": {"chromium"},
    "postgresql": {"postgres_url", "postgres_database", "own_postgres"},
    "valkey": {"valkey_url", "own_valkey"},
    "database": {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"},
}
"""A test's kinds follow from the fixtures it uses, so that nobody can forget to mark it."""
LONGEST = {
    ROOT / "tests/security/test_address_matrix.py",
    ROOT / "tests/security/test_removed_checks.py",
    ROOT / "tests/services/test_explained_figures.py",
    ROOT / "tests/services/test_exports.py",
    ROOT / "tests/services/test_import_bookings.py",
}
"""Files with tests that take a worker for long. That they are first does not depend on what is in them."""
LAWFUL = ROOT / "tests/domain"
"""Where the laws of the ledger and of its valuation are: an example is cheap there, and a figure that is wrong is not."""
EXAMPLES = {"short": (100, 200), "long": (2000, 20_000)}
"""How many examples Hypothesis tries of a test, and of one among the laws."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --long: the full number of rounds, and the tests marked `long`; and --examples, for a number of one's own."""
    parser.addoption("--long", action="store_true", help="run the full rounds and the tests marked `long`")
    parser.addoption("--examples", type=int, metavar="N", help="try N examples of every Hypothesis test")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the profiles of Hypothesis. How long an example takes on a busy machine says nothing."""
    few, many = EXAMPLES["long" if config.getoption("long") else "short"]
    wanted = config.getoption("examples")
    settings.register_profile("ordinary", deadline=None, print_blob=True, max_examples=wanted or few)
    settings.register_profile("laws", settings.get_profile("ordinary"), max_examples=wanted or many)
    settings.load_profile("ordinary")
    guard.stand()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A test keeps the profile that is loaded when its module is imported, which is when the module is collected."""
    settings.load_profile("laws" if collector.path.is_relative_to(LAWFUL) else "ordinary")
    try:
        return (yield)
    finally:
        settings.load_profile("ordinary")


def pytest_collection_finish() -> None:
    """All that was imported and collected stays to the end: it is looked through for garbage once and not again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Every statement on somebody's table must say whose rows it means, while a test's own code runs."""
    with guard.armed():
        return (yield)


@pytest.hookimpl(tryfirst=True)  # before pytest selects by -m
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks each test with its kinds, notes them for the report, and leaves the long tests to --long."""
    for item in items:
        for kind in kinds_of(item):
            item.add_marker(kind)
            item.user_properties.append(("kind", kind))
    if not config.getoption("long"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(specname="pytest_collection_modifyitems", trylast=True)  # after the tests were shuffled
def pytest_put_longest_first(items: list[pytest.Item]) -> None:
    """Puts the longest files before the others: whoever begins one last is waited for alone in the end."""
    items.sort(key=lambda item: item.path not in LONGEST)


def kinds_of(item: pytest.Item) -> list[str]:
    """The kinds of test that an item is."""
    fixtures = set(getattr(item, "fixturenames", ()))
    kinds = {kind for kind, names in KINDS_BY_FIXTURE.items() if names & fixtures or item.get_closest_marker(kind)}
    if item.get_closest_marker("django_db"):
        kinds.add("database")
    if "database" in kinds and IS_ON_POSTGRESQL:
        kinds.add("postgresql")
    return sorted(kinds)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database can be dropped at the end, even while a thread that a test left still holds a connection."""
    yield
    if IS_ON_POSTGRESQL:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def is_long_run(request: pytest.FixtureRequest) -> bool:
    """Whether the full number of rounds was asked for."""
    return bool(request.config.getoption("long"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL that the tests share; `postgres_database` is a database of one's own."""
    with any_postgres() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database."""
    with new_database(postgres_url) as url:
        yield url


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that a test may kill and start again."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The address of a real Valkey that the tests of one process share."""
    with any_valkey() as url:
        yield url


@pytest.fixture
def own_valkey() -> Iterator[ValkeyServer]:
    """A Valkey that a test may kill and start again."""
    with valkey_server() as server:
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The real browser's program."""
    return find_chromium()


@pytest.fixture
def start_product() -> Iterator[Callable[..., Product]]:
    """Starts the product as a process: `start_product("--speed", "60", environment={…}, is_first_start=True)`."""
    with contextlib.ExitStack() as products:

        def start(*options: str, environment: dict[str, str] | None = None, is_first_start: bool = False) -> Product:
            return products.enter_context(
                running_product(*options, environment=environment, is_first_start=is_first_start)
            )

        yield start
