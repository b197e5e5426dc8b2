"""`tickfolio web`, `tickfolio feeds` and `tickfolio worker`: one instance, served by several processes.

They meet in one PostgreSQL database and on one bus, and refuse to start without both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tickfolio.errors import StartupRefused

MOST_WORKERS = 64
PROBES = "--probes"
ROLES = {
    "web": "Serves pages and sockets, by several processes at one port. `tickfolio feeds` reads the prices that they show.",
    "feeds": "Reads the feeds and records them, for all processes of `tickfolio web`. A second one waits and takes over.",
    "worker": "Works out stored days and clears away what is kept for a time only. A second one waits and takes over.",
}


@dataclass(frozen=True, slots=True)
class Start:
    """What a start needs of the program's entry point.

    Attributes:
        prepare: sets Django and the logs up, and checks and migrates the database.
        prepare_logs: sets Django and the logs up.
        prepare_secret_key: makes the data directory and the key.
        data_dir: where the data directory is.
    """

    prepare: Callable[[], None]
    prepare_logs: Callable[[], None]
    prepare_secret_key: Callable[[], None]
    data_dir: Callable[[], Path]


def main(role: str, words: Sequence[str], start: Start) -> int:
    """One of the three commands; gives the exit code.

    Raises:
        StartupRefused: there is no PostgreSQL or no bus, or the start is refused as that of `tickfolio run` is.
    """
    options = parser_of(role).parse_args(words)
    refuse_alone(role)
    if options.data is not None:
        os.environ["TICKFOLIO_DATA"] = options.data
    if role != "web" and options.probes is not None:
        os.environ["TICKFOLIO_PROBES"] = options.probes
    if role == "web" and options.child:
        return _web_child(options, start)
    return _web(options, start) if role == "web" else _term(role, start)


def refuse_alone(role: str) -> None:
    """Several processes are one instance only where they share a database and a bus.

    Raises:
        StartupRefused: DATABASE_URL names no PostgreSQL, or REDIS_URL nothing.
    """
    missing = []
    database = os.environ.get("DATABASE_URL", "").strip()
    if not database.startswith("postgres"):
        missing.append(f"{'PostgreSQL in ' if database else ''}DATABASE_URL (postgres://user:password@host:5432/name)")
    if not os.environ.get("REDIS_URL", "").strip():
        missing.append("REDIS_URL (redis://host:6379/0)")
    if missing:
        raise StartupRefused(
            f"Expected PostgreSQL and Redis or Valkey for `tickfolio {role}`, found no {' and no '.join(missing)}. "
            "Set both for each of the processes, or start everything in one process with `tickfolio run`, which needs neither."
        )


def parser_of(role: str) -> argparse.ArgumentParser:
    """What a role's command line may hold."""
    parser = argparse.ArgumentParser(prog=f"tickfolio {role}", description=ROLES[role])
    parser.add_argument("--data", metavar="DIR", help="where the secret key and other files are kept")
    if role == "web":
        parser.add_argument("--workers", type=_number, default=2, metavar="N", help="how many processes serve (2)")
        parser.add_argument("--port", type=_port, default=8000, help="the port (8000)")
        parser.add_argument("--host", default="localhost", help="the address to listen on (localhost)")
        # What the parent hands to its children.
        for name in ("--child", "--ready", "--life", "--board"):
            parser.add_argument(name, type=int, default=0, help=argparse.SUPPRESS)
        parser.add_argument("--sockets", type=int, nargs="*", default=[], help=argparse.SUPPRESS)
    else:
        parser.add_argument(
            PROBES,
            metavar="HOST:PORT",
            help="where /livez, /readyz and /metrics are answered (TICKFOLIO_PROBES; nowhere)",
        )
    return parser


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MOST_WORKERS}, was {text!r}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, was {text!r}")
    return int(text)


def _prepare(start: Start) -> None:
    from tickfolio.runtime.data_lock import in_turn

    with in_turn(start.data_dir()):
        start.prepare()
    asyncio.run(_refuse_without_bus())


async def _refuse_without_bus() -> None:
    """Said once, before anything is served.

    Raises:
        BusUnavailable: nothing answers at REDIS_URL.
    """
    from tickfolio.config.composition import bus_from_settings

    bus = bus_from_settings()
    try:
        await bus.newest_token()
    finally:
        await bus.stop()


# ---------- Pages ----------


def _web(options: argparse.Namespace, start: Start) -> int:
    from tickfolio.runtime.data_lock import share_data_dir
    from tickfolio.runtime.process_reports import new_board
    from tickfolio.runtime.server import bind
    from tickfolio.runtime.web_workers import WebWorkers, child_command

    bound = bind(options.host, options.port, ports_to_try=1)
    port = bound[0].getsockname()[1]
    os.environ["TICKFOLIO_PORT"] = str(port)
    start.prepare_secret_key()
    with share_data_dir(start.data_dir()):
        _prepare(start)

        board = new_board(start.data_dir(), processes=options.workers) if options.workers > 1 else None

        def command(number: int, sockets: Sequence[int], ready: int, life: int) -> list[str]:
            handed = ["--child", str(number), "--ready", str(ready), "--life", str(life)]
            if board is not None:
                handed += ["--board", str(board.descriptor), "--workers", str(board.processes)]
            return child_command(["web", *handed, "--sockets", *map(str, sockets)])

        host = "127.0.0.1" if options.host in ("localhost", "0.0.0.0", "::") else options.host  # noqa: S104  # compared, not bound
        host = f"[{host}]" if ":" in host else host

        def announce() -> None:
            print(f"Tickfolio is running at http://{host}:{port}/ ({options.workers} processes)", flush=True)  # noqa: T201  # what a person waits for

        return WebWorkers(bound, workers=options.workers, command=command, announce=announce, board=board).run()


def _web_child(options: argparse.Namespace, start: Start) -> int:
    from tickfolio.runtime.logs import mark_lines
    from tickfolio.runtime.process_reports import ReportBoard
    from tickfolio.runtime.server import serve
    from tickfolio.runtime.web_workers import end_with_parent

    end_with_parent(options.life)
    start.prepare_logs()
    mark_lines(web=options.child)

    from tickfolio.config.asgi_web import application, engine

    engine.on_first_quotes = lambda: _say_ready(options.ready)
    if options.board:
        engine.tell_on(ReportBoard(options.board, processes=options.workers), process=options.child)
    bound = [socket.socket(fileno=each) for each in options.sockets]
    serve(application, bound, before_stop=engine.say_goodbye)
    return 0


def _say_ready(descriptor: int) -> None:
    os.write(descriptor, b".")
    os.close(descriptor)


# ---------- Feeds and background ----------


def _term(role: str, start: Start) -> int:
    from tickfolio.runtime.data_lock import share_data_dir

    start.prepare_secret_key()
    with share_data_dir(start.data_dir()):
        _prepare(start)
        if role == "feeds":
            _refuse_wrong_choices()
        asyncio.run(_campaign(role))
    return 0


def _refuse_wrong_choices() -> None:
    from django.conf import settings

    from tickfolio.config.composition import market_going_on
    from tickfolio.errors import InvalidValue
    from tickfolio.runtime.embedded import Remembered

    if settings.TICKFOLIO_REPLAY_NEW_RUN:
        # Whoever takes the lease over would begin anew too, and throw away what was recorded meanwhile.
        raise StartupRefused(
            "TICKFOLIO_REPLAY_NEW_RUN: expected off for `tickfolio feeds`, which goes on where the replay stood. "
            "Begin a new run with `tickfolio run --start …` while the other processes are stopped, then start them again."
        )
    try:
        market_going_on(Remembered())
    except InvalidValue as error:  # the settings have checked all but whether the start is within the data
        raise StartupRefused(f"TICKFOLIO_REPLAY_START: {error}") from error


async def _campaign(role: str) -> None:
    from django.conf import settings

    from tickfolio.config import role_composition as composition
    from tickfolio.config.composition import bus_from_settings
    from tickfolio.config.role_probes import probe_handlers
    from tickfolio.runtime.campaign import Campaign
    from tickfolio.runtime.probe_server import ProbeServer
    from tickfolio.runtime.server import bind

    def say(text: str) -> None:
        print(f"tickfolio {role} {text}", flush=True)  # noqa: T201  # whoever started it sees which one works

    bound = [] if settings.TICKFOLIO_PROBES is None else bind(*settings.TICKFOLIO_PROBES, ports_to_try=1, option=PROBES)
    bus = bus_from_settings()
    is_feeds = role == "feeds"
    campaign = Campaign(
        composition.lease_memory(composition.FEEDS if is_feeds else composition.KEEPING),
        term_of=composition.compose_feeds if is_feeds else composition.compose_keeping,
        newest_token=bus.newest_token,
        say=say,
    )
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, campaign.stop)
    probes = ProbeServer(bound, probe_handlers(role, campaign, bus=bus))
    await probes.start()
    if bound:
        host, port = bound[0].getsockname()[:2]
        say(f"answers probes at http://{f'[{host}]' if ':' in host else host}:{port}/")
    try:
        await campaign.run()
    finally:
        await probes.stop()
        await bus.stop()
