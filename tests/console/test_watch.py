from __future__ import annotations

import asyncio
import contextlib
import http
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping

import pytest
from rich.console import Console

from tests.client.small_server import small_server
from tests.live.market import IBM, SetClock
from tickfolio.client import Disconnected, LiveClient
from tickfolio.console import watch
from tickfolio.live.wire.messages import Delta, QuoteRow, Snapshot, Status
from tickfolio.live.wire.vocabulary import Stamps
from tickfolio.runtime.closed_pipes import ENDED_BY_CLOSED_PIPE

STALE = QuoteRow(
    name="A share",
    currency="USD",
    price_places=2,
    price="530.00",
    previous_close=None,
    change=None,
    change_percent=None,
    quality="stale",
    session="regular",
    session_day=None,
    source="replay",
    source_time=None,
    received_time=None,
)


async def output_of(words: list[str]) -> tuple[int, list[str]]:
    """The exit status and the lines that were printed, into something that is no terminal."""
    out = io.StringIO()
    status = await asyncio.to_thread(watch.main, words, out=out)
    return status, out.getvalue().splitlines()


def drawn(board: watch.Board, *, width: int, height: int = 24) -> list[str]:
    """The lines of the table in a terminal of that size."""
    console = Console(file=io.StringIO(), width=width, height=height, record=True, color_system=None)
    console.print(board.picture(width, height))
    return [each.rstrip() for each in console.export_text().splitlines()]


async def test_a_pipe_gets_one_line_a_change() -> None:
    async with small_server() as server:
        status, lines = await output_of(["aapl", "--url", server.url, "--seconds", "1"])
    assert status == 0
    assert lines[0] == f"# {server.url}, a replay of past prices"
    assert lines[1].split() == ["AAPL", "530.00", "USD", "+6.00", "%", "replay", "2012-05-21T13:30:00.000Z"]


async def test_unknown_symbols_are_named_and_the_others_are_watched(capsys: pytest.CaptureFixture[str]) -> None:
    async with small_server() as server:
        status, lines = await output_of(["xxxx", "ibm", "--url", server.url, "--seconds", "1"])
        assert (status, len(lines)) == (0, 2)
        assert capsys.readouterr().err == "tickfolio watch: No instrument has the symbol XXXX.\n"
        status, lines = await output_of(["xxxx", "--url", server.url])
    assert (status, len(lines)) == (2, 1)


@pytest.mark.parametrize("is_said", [True, False])
async def test_token_is_sent_and_printed_nowhere(
    is_said: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKFOLIO_TOKEN", "tkf_of_the_environment")
    words = ["--token", "tkf_said"] if is_said else []
    async with small_server() as server:
        server.refusals.append((http.HTTPStatus.UNAUTHORIZED, '{"title": "Expected a token that stands."}'))
        status, lines = await output_of(["aapl", "--url", server.url, *words])
        assert server.authorizations == ["Bearer tkf_said" if is_said else "Bearer tkf_of_the_environment"]
    printed = capsys.readouterr()
    assert (status, lines) == (2, [])
    assert printed.err == "tickfolio watch: 401, Expected a token that stands.\n"


def test_token_of_the_environment_is_not_in_the_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKFOLIO_TOKEN", "tkf_of_the_environment")
    with pytest.raises(SystemExit):
        watch.main(["--help"])
    shown = capsys.readouterr().out
    assert "TICKFOLIO_TOKEN" in shown
    assert "tkf_of" not in shown


async def test_where_nobody_answers_it_says_so_and_ends_badly() -> None:
    assert await output_of(["aapl", "--url", "localhost:9", "--seconds", "0.9"]) == (
        2,
        ["# no connection: Connection refused"],
    )


@pytest.mark.parametrize("words", [["a b"], ["aapl", "--url", "ftp://folio.example"], ["aapl", "--url", "http://[::1"]])
async def test_what_cannot_be_watched_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert await output_of(words) == (2, [])
    assert capsys.readouterr().err.startswith("tickfolio watch: Expected ")


@pytest.mark.parametrize("seconds", ["-1", "0", "nan", "inf", "soon"])
def test_a_time_that_cannot_be_one_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        watch.main(["aapl", f"--seconds={seconds}"])
    assert f"invalid number of seconds value: '{seconds}'" in capsys.readouterr().err


async def test_symbols_beyond_the_limit_of_a_socket_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    async with small_server() as server:
        many = [f"A{number}" for number in range(501)]
        server.list_more(many)
        status, lines = await output_of([*many, "--url", server.url, "--seconds", "1"])
    assert (status, len(lines)) == (0, 1 + 500)
    assert capsys.readouterr().err == "tickfolio watch: Expected at most 500 symbols on one socket.\n"


# ---------- Run as it is in a terminal ----------


def started(*words: str, pty: int | None = None, **environment: str) -> subprocess.Popen[bytes]:
    """`tickfolio watch` in a process of its own, in a terminal where `pty` is one."""
    out = subprocess.PIPE if pty is None else pty
    command = [sys.executable, "-m", "tickfolio", "watch", *words]
    return subprocess.Popen(command, stdin=pty, stdout=out, stderr=out, env={**os.environ, **environment})


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
async def test_in_a_terminal_a_request_to_stop_leaves_the_cursor_as_it_was(signal_number: signal.Signals) -> None:
    terminal, other_end = os.openpty()
    async with small_server() as server:
        process = started("AAPL", "--url", server.url, pty=other_end, TERM="xterm", NO_COLOR="1", COLUMNS="60")
        os.close(other_end)
        shown = b""
        while b"530.00 USD" not in shown:
            shown += await asyncio.to_thread(os.read, terminal, 4096)
        process.send_signal(signal_number)
        with contextlib.suppress(OSError):  # what a terminal says whose other end is closed
            while rest := await asyncio.to_thread(os.read, terminal, 4096):
                shown += rest
        assert await asyncio.to_thread(process.wait) == 0
    os.close(terminal)
    assert (shown.count(b"\x1b[?25l"), shown.count(b"\x1b[?25h")) == (1, 1)
    assert b"Traceback" not in shown
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", shown)


async def test_an_output_that_knows_no_dash_gets_hyphens_and_one_that_nobody_reads_ends() -> None:
    async with small_server() as server:
        server.move("90.00", symbol=IBM)
        with started("IBM", "--url", server.url, PYTHONIOENCODING="ascii") as process:
            assert process.stdout is not None
            await asyncio.to_thread(process.stdout.readline)
            first = (await asyncio.to_thread(process.stdout.readline)).decode("ascii")
            assert first.split()[:5] == ["IBM", "90.00", "USD", "-82.00", "%"]
            process.stdout.close()
            while process.poll() is None:
                server.move(f"{90 + server.beats}.00", symbol=IBM)
                await asyncio.sleep(0.05)
            assert process.returncode == ENDED_BY_CLOSED_PIPE


# ---------- The table ----------


async def test_the_table_has_a_row_for_each_symbol_and_says_what_the_prices_are() -> None:
    async with small_server() as server, LiveClient(server.url, quotes=["AAPL", "IBM"]) as client:
        board = watch.Board(server.url, ["AAPL", "IBM"])
        assert drawn(board, width=100)[-1].startswith("connecting to")
        async for news in client:
            board.take(news, client)
            if isinstance(news, Snapshot):
                break
        heading, first, second, state = drawn(board, width=100)
        assert heading.split() == ["Symbol", "Name", "Price", "Change", "Change", "%", "Quality", "UTC"]
        assert first.split() == ["AAPL", "AAPL", "Inc.", "530.00", "USD", "+30.00", "+6.00", "%", "replay", "13:30:00"]
        assert second.split()[-5:] == ["−310.00", "−62.00", "%", "replay", "13:30:00"]
        assert state == "replay of past prices, 2012-05-21 13:30 UTC"
        lost = Disconnected("the connection was closed", 1.0)
        assert board.take(lost, client) == ["# no connection: the connection was closed"]
        assert board.take(lost, client) == []
        assert drawn(board, width=100)[-1] == (
            "no connection: the connection was closed. The prices above are the last ones known. Trying\u00a0again…"
        )
        for width, headings in (
            (80, "Symbol Name Price Change Change % Quality UTC"),
            (64, "Symbol Price Change Change % Quality UTC"),
            (54, "Symbol Price Change Change % Quality"),
            (42, "Symbol Price Change % Quality"),
            (31, "Symbol Price Quality"),
            (22, "Symbol Price"),
        ):
            heading, first, *_rest = lines = drawn(board, width=width)
            assert heading.split() == headings.split()
            assert first.startswith("AAPL")
            assert "530.00 USD" in first
            assert max(map(len, lines)) <= width


async def test_silence_is_said_at_every_width_until_something_comes() -> None:
    clock = SetClock()
    async with small_server() as server, LiveClient(server.url, quotes=["AAPL"]) as client:
        board = watch.Board(server.url, ["AAPL"], monotonic=clock.monotonic)
        clock.pass_seconds(60)
        assert drawn(board, width=80)[-1].startswith("connecting to")
        async for news in client:
            board.take(news, client)
            if isinstance(news, Snapshot):
                break
        for width in (22, 40, 100):
            clock.pass_seconds(watch.SILENT_SECONDS - 0.1)
            assert "stale" not in "".join(drawn(board, width=width))
            clock.pass_seconds(5)
            assert " ".join(drawn(board, width=width)[2:]) == "stale: nothing was heard for 9 s"
            assert width < 31 or drawn(board, width=width)[1].split()[-2 if width > 40 else -1] == "stale"
            board.take(news, client)
            assert width < 31 or drawn(board, width=width)[1].split()[-2 if width > 40 else -1] == "replay"
        clock.pass_seconds(9)
        board.take(Disconnected("the connection was closed", 1.0), client)
        assert drawn(board, width=100)[-1].startswith("no connection: the connection was closed")


@pytest.mark.parametrize("width", [20, 80])
def test_more_symbols_than_a_terminal_has_lines_are_counted(width: int) -> None:
    board = watch.Board("here", [f"S{number}" for number in range(500)])
    for height in (4, 10, 24):
        lines = drawn(board, width=width, height=height)
        assert len(lines) == height
        more = f"… and {500 - (height - 3)} more: they show in a taller terminal"
        assert lines[-2] == (more if width == 80 else f"{more[:19]}…")
        assert lines[-1] == "connecting to here …"
    assert drawn(board, width=80, height=502)[-2].startswith("S499")


def test_a_password_in_the_address_is_not_shown() -> None:
    assert drawn(watch.Board("http://me:secret@folio.example", ["AAPL"]), width=80)[-1] == (
        "connecting to http://folio.example …"
    )


def test_a_status_moves_the_time_and_says_nothing() -> None:
    board = watch.Board("here", ["AAPL"])
    client = LiveClient("here", quotes=["AAPL"])
    status = Status(epoch="e", scopes={}, server_time="", market_time="2026-05-21T14:00:00.000Z", feeds=[])
    assert board.take(status, client) == []
    assert drawn(board, width=80)[-1] == "connected, 2026-05-21 14:00 UTC"


def delta(source: str | None) -> Delta:
    """One of nothing but a moment of the market."""
    stamps = Stamps(source=source, received=None, sent="2026-05-21T14:00:00.000Z")
    return Delta(scope="quotes", epoch="e", sequence=1, stamps=stamps, rows={})


def test_prices_move_the_time_on_and_never_back() -> None:
    board = watch.Board("here", ["AAPL"])
    client = LiveClient("here", quotes=["AAPL"])
    board.take(delta(None), client)
    assert drawn(board, width=80)[-1] == "connecting to here …"
    for source, minute in (("14:02", "14:02"), ("14:01", "14:02"), ("14:03", "14:03")):
        board.take(delta(f"2026-05-21T{source}:00.000Z"), client)
        assert drawn(board, width=80)[-1] == f"connected, 2026-05-21 {minute} UTC"
    status = Status(epoch="e", scopes={}, server_time="", market_time="2026-05-21T13:00:00.000Z", feeds=[])
    board.take(status, client)  # a replay may begin anew
    assert drawn(board, width=80)[-1] == "connected, 2026-05-21 13:00 UTC"


class HoldingStale(LiveClient):
    """A client whose prices are old."""

    @property
    def quotes(self) -> Mapping[str, QuoteRow]:
        return dict.fromkeys(("AAPL", "IBM"), STALE)


def test_where_no_column_says_which_prices_are_stale_a_line_does() -> None:
    symbols = ["AAPL", "NFLX", "IBM"]
    board = watch.Board("here", symbols)
    board.take(delta("2026-05-21T14:00:00.000Z"), HoldingStale("here", quotes=symbols))
    assert drawn(board, width=80)[-1].startswith("connected")
    narrow = drawn(board, width=22)
    assert [each.split()[0] for each in narrow[1:4]] == symbols
    assert narrow[4:] == ["stale: AAPL, IBM", "connected, 2026-05-21", "14:00 UTC"]
    low = drawn(board, width=22, height=6)
    assert len(low) == 6
    assert low[2:4] == ["… and 2 more: they sh…", "stale: AAPL, IBM"]
