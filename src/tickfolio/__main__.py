"""`tickfolio run` starts the product, and `web`, `feeds` and `worker` do so in several processes.

`evaluate` answers scenarios, `watch` shows quotes, `help` lists the commands.
Every other word is a command of Django's or of ours.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from tickfolio.config import roles
from tickfolio.config.roles import ROLES
from tickfolio.errors import InvalidValue, StartupRefused, TickfolioError
from tickfolio.feeds.replay.config import parse_start, replay_speed
from tickfolio.runtime import product_threads
from tickfolio.runtime.closed_pipes import until_nobody_reads

OF_AN_INSTANCE = {
    "actions",
    "backup",
    "delist",
    "demo",
    "explain",
    "history",
    "rebuild",
    "routes",
    "user",
    "verify",
}
"""The commands that make no instance by the way, where there is none."""
WITHOUT_KEY = {"backup"}
"""Those of them that are of use where the secret key is lost."""


def main(arguments: list[str] | None = None) -> int:
    """The entry point of ``tickfolio`` and ``python -m tickfolio``; gives the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    product_threads.use_one()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
    try:
        if words[:1] == ["run"]:
            return run(run_options(words[1:]))
        if words[:1] and words[0] in ROLES:
            return roles.main(words[0], words[1:], roles.Start(_prepare, _prepare_logs, prepare_secret_key, data_dir))
        return until_nobody_reads(lambda: answer(words))
    except (TickfolioError, ImproperlyConfigured) as refusal:
        print(f"tickfolio: {refusal}", file=sys.stderr)
        return 2


def answer(words: list[str]) -> int:
    """Runs a command that ends by itself."""
    match words:
        case [] | ["help" | "--help" | "-h"]:
            from tickfolio.console.overview import overview

            sys.stdout.write(overview())
            return 0
        case ["help", "run"]:
            run_options(["--help"])
            return 0
        case ["help", role] if role in ROLES:
            return roles.main(role, ["--help"], roles.Start(_prepare, _prepare_logs, prepare_secret_key, data_dir))
        case ["help", "evaluate"] | ["evaluate", *_]:
            from tickfolio.console import evaluate

            return evaluate.main(["--help"] if words[0] == "help" else words[1:])
        case ["help", "watch"] | ["watch", *_]:
            from tickfolio.console import watch

            return watch.main(["--help"] if words[0] == "help" else words[1:])
        case _:
            return manage(words)


def manage(words: list[str]) -> int:
    """Runs a management command."""
    from django.core.management import execute_from_command_line

    _export(TICKFOLIO_DATA=chosen_data(words))
    command = words[0] if words else ""
    if command in OF_AN_INSTANCE and not {"-h", "--help"} & set(words):
        refuse_absent_instance(needs_key=command not in WITHOUT_KEY)
    if os.environ.get("TICKFOLIO_MODE") != "test":
        if command not in OF_AN_INSTANCE - WITHOUT_KEY:
            prepare_secret_key()
        _prepare_logs()
    execute_from_command_line(["tickfolio", *words])
    return 0


def chosen_data(words: list[str]) -> str | None:
    """The data directory that a command's ``--data`` names: the settings are read before the command reads its options."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data")
    chosen: str | None = parser.parse_known_args(words)[0].data
    return chosen


def run_options(words: list[str]) -> argparse.Namespace:
    """The options of ``tickfolio run``."""
    parser = argparse.ArgumentParser(
        prog="tickfolio run",
        description="Starts Tickfolio: pages, live prices and their feed in one process. Ctrl-C ends it.",
    )
    parser.add_argument(
        "--port", type=port_number, default=8000, help="the port; a taken one gets the next free one (8000)"
    )
    parser.add_argument("--host", default="localhost", help="the address to listen on (localhost)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    parser.add_argument("--data", metavar="DIR", help="where the database and the secret key are kept")
    parser.add_argument(
        "--feed",
        metavar="NAME",
        help="live prices instead of the replay, from yahoo, coinbase or another feed; several are separated by commas",
    )
    parser.add_argument(
        "--speed",
        metavar="N",
        type=spelt(replay_speed),
        help="market seconds that pass in a second of a replay (20)",
    )
    parser.add_argument(
        "--start",
        metavar="TIME",
        type=spelt(parse_start),
        help="begin a new run of the replay at this New York time, such as 2012-05-21T10:00",
    )
    return parser.parse_args(words)


def port_number(text: str) -> int:
    """A TCP port, 0 for any free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, was {text!r}")
    return int(text)


def spelt(check: Callable[[str], object]) -> Callable[[str], str]:
    """An option's kind: text that `check` accepts, handed on as it is spelt, as its variable would be."""

    def accept(text: str) -> str:
        try:
            check(text)
        except InvalidValue as error:
            raise argparse.ArgumentTypeError(str(error)) from error
        return text

    return accept


def data_dir() -> Path:
    """The data directory, needed before the settings can be read; they read it the same way."""
    from tickfolio.runtime import data_dir as place

    return place.data_dir(os.environ.get("TICKFOLIO_DATA", "").strip())


def prepare_secret_key() -> None:
    """Makes the data directory and the secret key where they are missing, before the settings are read.

    Raises:
        StartupRefused: the data directory is none, or may not be written to.
    """
    from tickfolio.runtime.secret_key import ensure_secret_key

    with _data_refusals(data_dir()):
        ensure_secret_key(data_dir() / "secret_key")


def refuse_absent_instance(*, needs_key: bool = True) -> None:
    """Refuses a data directory without an instance, before the settings are read and anything could be made in it.

    Raises:
        StartupRefused: there is none.
    """
    from tickfolio.runtime import startup_checks

    startup_checks.refuse_absent_instance(
        data_dir(),
        has_own_key=not needs_key or bool(os.environ.get("TICKFOLIO_SECRET_KEY", "").strip()),
        database=None if os.environ.get("DATABASE_URL", "").strip() else data_dir() / "tickfolio.sqlite3",
    )


@contextmanager
def _data_refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StartupRefused(
            f"Expected a data directory that can be written to at {folder}, found: {error.strerror or error}. "
            "Choose another --data (or TICKFOLIO_DATA), or give this user the right to write there."
        ) from error


def run(options: argparse.Namespace) -> int:
    """Serves until Ctrl-C or SIGTERM.

    The port is taken first, because the settings name it in the origins that may open a socket.
    """
    from tickfolio.runtime.data_lock import forgotten_if_refused, hold_data_dir
    from tickfolio.runtime.server import PORTS_TO_TRY, bind, serve

    # A proxy in front of production knows one port; another one would be served to nobody.
    is_production = os.environ.get("TICKFOLIO_MODE") == "production"
    bound = bind(options.host, options.port, ports_to_try=1 if is_production else PORTS_TO_TRY)
    port = bound[0].getsockname()[1]
    _export(TICKFOLIO_PORT=str(port), TICKFOLIO_DATA=options.data, TICKFOLIO_REPLAY_SPEED=options.speed)
    if options.feed:
        choose_feeds(options.feed)
    if options.start:
        _export(TICKFOLIO_REPLAY_START=options.start, TICKFOLIO_REPLAY_NEW_RUN="on")
    address = f"http://{shown_host(options.host)}:{port}/"
    prepare_secret_key()
    with _data_refusals(data_dir()):
        held = hold_data_dir(data_dir(), doing=f"at {address}")
    with held:
        with forgotten_if_refused(held):
            _prepare()

            from tickfolio.config.asgi import application, embedded
            from tickfolio.config.composition import market_from_settings
            from tickfolio.runtime.embedded import Remembered

            try:
                market_from_settings(Remembered())  # what is wrong with the choices is said before anything is served
            except InvalidValue as error:  # the settings have checked all but whether the start is within the data
                raise StartupRefused(f"{'--start' if options.start else 'TICKFOLIO_REPLAY_START'}: {error}") from error
        embedded.on_first_quotes = lambda: _announce(address, opens_browser=not options.no_browser)
        serve(application, bound, before_stop=embedded.say_goodbye)
    return 0


def choose_feeds(names: str) -> None:
    """Makes a live instance of these feeds, in a data directory of its own unless one is named: a replay's is no place for it."""
    from tickfolio.runtime import data_dir as place

    _export(TICKFOLIO_FEEDS=names)
    if not os.environ.get("TICKFOLIO_DATA", "").strip():
        usual = place.data_dir("")
        _export(TICKFOLIO_DATA=str(usual.with_name(f"{usual.name}-live")))


def shown_host(host: str) -> str:
    """The host as an address names it: one that means all of this machine's is shown as 127.0.0.1."""
    if host in ("localhost", "0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _export(**variables: str | None) -> None:
    os.environ.update({name: value for name, value in variables.items() if value is not None})


def _prepare() -> None:
    """Sets Django and the logs up, and checks and migrates the database before anything is served.

    Raises:
        StartupRefused: something is unsafe or not as expected; the message says what to do.
    """
    from django.conf import settings
    from django.db import DatabaseError, connection

    from tickfolio.runtime import startup_checks

    _prepare_logs()
    is_production = settings.TICKFOLIO_MODE == "production"
    if is_production:
        startup_checks.refuse_unsafe_settings(settings)
    try:
        with _data_refusals(settings.TICKFOLIO_DATA):
            _prepare_database(migrates=not is_production)
    except DatabaseError as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise StartupRefused(startup_checks.no_answer(connection, reason)) from error


def _prepare_logs() -> None:
    import django
    from django.conf import settings

    from tickfolio.runtime.logs import configure_logs

    django.setup()
    level = logging.INFO if settings.TICKFOLIO_MODE == "production" else logging.WARNING
    configure_logs(settings.TICKFOLIO_LOG_FORMAT, level=level)


def _prepare_database(*, migrates: bool) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tickfolio.runtime import startup_checks
    from tickfolio.runtime.clocks import SystemClock
    from tickfolio.services.demo import demo_seed, is_demo
    from tickfolio.services.market_hours import warn_of_hours_running_out
    from tickfolio.services.market_records import instance_declare

    settings.TICKFOLIO_DATA.mkdir(parents=True, exist_ok=True)
    startup_checks.refuse_lost_database(settings.TICKFOLIO_DATA, connection)
    startup_checks.refuse_newer_schema(connection)
    if not migrates:
        startup_checks.refuse_pending_migrations(connection)
    elif startup_checks.has_pending_migrations(connection):
        call_command("migrate", verbosity=0, interactive=False)
    startup_checks.refuse_wrong_pragmas(connection)
    declared = instance_declare(is_replay=settings.TICKFOLIO_IS_REPLAY, at=SystemClock().now())
    startup_checks.refuse_other_kind(declared=declared, configured=settings.TICKFOLIO_IS_REPLAY)
    if is_demo():
        demo_seed()
    warn_of_hours_running_out()
    connection.close()


def _announce(address: str, *, opens_browser: bool) -> None:
    print(f"Tickfolio is running at {address}", flush=True)
    if opens_browser:
        # Some browsers are started in the foreground; the event loop must not wait for them.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
