"""The process itself: how it starts, what it prints, how it ends, and what is there again after a crash."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from websockets.sync.client import connect

from tests.servers.product import ADDRESS, Product, users_environment

PLAIN = "/ws/stocks/"


def asked(product: Product, symbol: str = "AAPL") -> dict[str, Any]:
    with connect(f"ws://127.0.0.1:{product.port}{PLAIN}") as client:
        client.send(json.dumps({"symbol": symbol}))
        answer: dict[str, Any] = json.loads(client.recv(timeout=10))
        return answer


def page(product: Product, path: str) -> str:
    with urllib.request.urlopen(product.origin + path, timeout=10) as answer:
        return str(answer.read().decode())


def status(product: Product, path: str) -> int:
    try:
        with urllib.request.urlopen(product.origin + path, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def moment_after(product: Product, moment: datetime) -> datetime:
    """The market's moment as a quote names it, once it is past `moment`."""
    until = time.monotonic() + 60
    while (now := datetime.fromisoformat(asked(product)["time"])) < moment and time.monotonic() < until:
        time.sleep(0.1)
    assert now >= moment
    return now


def recorded(product: Product, query: str, *values: str) -> tuple[str, ...]:
    """One row of the product's SQLite file."""
    with contextlib.closing(sqlite3.connect(product.data / "tickfolio.sqlite3")) as database:
        row: tuple[str, ...] = database.execute(query, values).fetchone()
    return row


def recorded_quote(product: Product, symbol: str) -> tuple[str, ...]:
    """Price and time (UTC) of the symbol's last quote in the product's SQLite file."""
    query = "SELECT q.price, q.source_time FROM latest_quote q JOIN instrument i ON i.id = q.instrument_id WHERE i.symbol = ?"
    return recorded(product, query, symbol)


def test_start_prints_one_line_and_every_instrument_has_its_first_quote(start_product: Callable[..., Product]) -> None:
    product = start_product(is_first_start=True)
    assert len(product.printed.splitlines()) == 1
    assert ADDRESS.search(product.printed)
    assert all(asked(product, symbol)["price"] for symbol in ("AAPL", "IBM", "MSFT", "GOOG", "FB"))


def test_probes_answer(start_product: Callable[..., Product]) -> None:
    product = start_product()
    assert status(product, "/healthz") == 200
    ready = json.loads(page(product, "/readyz"))
    assert (ready["status"], ready["checks"]) == ("ok", {"database": "ok", "bus": "ok", "engine": "ok"})
    assert ready["audit"]["mismatches"] == 0


def test_interrupt_ends_it_in_good_order_while_a_page_is_open(start_product: Callable[..., Product]) -> None:
    product = start_product()
    with connect(f"ws://127.0.0.1:{product.port}{PLAIN}") as client:
        client.send('{"symbol":"AAPL"}')
        client.recv(timeout=10)
        assert product.stop() == 0  # one that does not end in time is killed, which is another status
    assert "Traceback" not in product.logs


def test_taken_port_gets_the_next_free_one(start_product: Callable[..., Product]) -> None:
    first = start_product()
    second = start_product("--port", str(first.port))
    assert second.port > first.port
    assert asked(second)["symbol"] == "AAPL"


def test_second_start_goes_on_where_the_first_was_killed(start_product: Callable[..., Product]) -> None:
    speed, start = 300, datetime(2012, 7, 10, 14, 0, tzinfo=UTC)
    product = start_product("--start", "2012-07-10T10:00", "--speed", str(speed))
    # Positions are recorded every 2 s of real time; this much more than that is left to a slow machine.
    at_most_lost = timedelta(seconds=(2 + 8) * speed)
    before = moment_after(product, start + 2 * at_most_lost)
    product.kill()
    kept = recorded(product, "SELECT at FROM market_clock")[0]
    product.options = ["--speed", str(speed)]  # without the start, which would begin a new run
    product.start()
    after = moment_after(product, start)
    assert after >= before - at_most_lost
    assert after >= datetime.fromisoformat(kept).replace(tzinfo=UTC) - timedelta(seconds=speed)
    assert after.date() == start.date()  # not the default start, nor a run of its own


def test_page_after_a_kill_shows_the_recorded_price_and_its_time(start_product: Callable[..., Product]) -> None:
    product = start_product("--start", "2012-07-10T11:00")
    until = time.monotonic() + 60
    while not recorded_quote(product, "IBM") and time.monotonic() < until:
        time.sleep(0.1)
    product.kill()
    kept = recorded_quote(product, "IBM")
    product.options = []
    product.start()
    shown, quote = "", kept[:0]
    while quote != recorded_quote(product, "IBM"):  # until nothing was recorded while the page was made
        quote = recorded_quote(product, "IBM")
        shown = page(product, "/stocks/?symbol=IBM")
    price, moment = quote
    assert moment >= kept[1]
    local = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo("America/New_York"))
    assert f'<span id="stock-price">{Decimal(price):.2f}</span>' in shown
    assert f"recorded 10 Jul 2012, {local:%H:%M:%S}" in shown
    today = json.loads(page(product, "/stocks/IBM/today.json"))
    assert today["session_day"] == "2012-07-10"
    assert len(today["bars"]) >= 60


def test_start_option_begins_a_new_run_at_that_moment(start_product: Callable[..., Product]) -> None:
    product = start_product("--start", "2005-02-28T09:31", "--speed", "1")
    answer = asked(product)
    assert answer["time"].startswith("2005-02-28T14:3")
    # Two for one on this very day: the previous close of 88.99 counts as 44.495.
    assert answer["previous_close"] == 44.495
    assert abs(answer["change"]) < 10
    assert asked(product, "FB")["quality"] == "unpriced"


def test_end_of_the_data_begins_a_new_run(start_product: Callable[..., Product]) -> None:
    product = start_product("--start", "2013-03-01T15:50", "--speed", "600")
    with connect(f"ws://127.0.0.1:{product.port}{PLAIN}") as client:
        client.send('{"symbol":"AAPL"}')
        moments: list[str] = []
        until = time.monotonic() + 30
        while time.monotonic() < until and not (len(moments) > 1 and moments[-1] < moments[-2]):
            message = json.loads(client.recv(timeout=20))
            if message["time"]:
                moments.append(message["time"])
    assert moments[0].startswith("2013-03-01")
    assert moments[-1] < moments[-2]


@pytest.mark.parametrize(
    "option",
    [["--speed", "fast"], ["--speed", "0"], ["--start", "2031-01-01"], ["--start", "noon"], ["--port", "99999"]],
    ids=" ".join,
)
def test_nonsense_options_are_refused_with_what_was_expected(tmp_path: Path, option: list[str]) -> None:
    message = refusal("--data", str(tmp_path), *option)
    assert option[0] in message.splitlines()[-1]
    assert "xpected" in message.splitlines()[-1]


def test_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("mine")
    for folder in (file, file / "below"):
        message = refusal("--data", str(folder))
        assert f"Expected a data directory that can be written to at {folder}" in message
        assert "--data" in message
    assert file.read_text() == "mine"


def test_damaged_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "tickfolio.sqlite3"
    file.write_bytes(b"no database " * 1000)
    message = refusal("--data", str(tmp_path))
    assert "found: file is not a database" in message
    assert "--data" in message
    assert file.read_bytes() == b"no database " * 1000


def refusal(*options: str) -> str:
    """What a start that is refused says."""
    words = [sys.executable, "-m", "tickfolio", "run", "--no-browser", "--port", "0", *options]
    result = subprocess.run(words, env=users_environment(), capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    return result.stderr


def test_second_process_on_the_same_data_is_refused_and_told_where_the_first_is(
    start_product: Callable[..., Product],
) -> None:
    first = start_product()
    words = [
        sys.executable,
        "-m",
        "tickfolio",
        "run",
        "--no-browser",
        "--data",
        str(first.data),
        "--start",
        "2005-02-25",
    ]
    result = subprocess.run(words, env=users_environment(), capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 2
    assert first.url in result.stderr
    assert asked(first)["time"].startswith("2012-05-21")
    first.kill()
    first.start()
    assert asked(first)["symbol"] == "AAPL"
