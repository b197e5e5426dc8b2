"""How long a fresh start takes until a symbol that nobody asked for before has a price on a socket."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from websockets.sync.client import connect

from tests.feeds.emulators.emulator import Listed, in_a_thread
from tests.feeds.emulators.yahoo import YahooEmulator

ROUNDS = 3
SECONDS_AT_MOST = 60


def first_quote_ms() -> float:
    """The median of a few starts on a database that is there already, in milliseconds of real time."""
    now = datetime.now(UTC)
    nvidia = Listed("NVDA", "NVIDIA Corporation", "USD", Decimal("181.20"), Decimal("180.20"), now, exchange="NMS")
    emulator = YahooEmulator(nvidia)
    with tempfile.TemporaryDirectory() as folder, in_a_thread(emulator):
        variables = {
            "TICKFOLIO_YAHOO_WS_URL": emulator.ws_url,
            "TICKFOLIO_YAHOO_HTTP_URL": emulator.http_url,
            "TICKFOLIO_ECB_HTTP_URL": "http://127.0.0.1:9",
            "TICKFOLIO_FRANKFURTER_HTTP_URL": "http://127.0.0.1:9",
        }
        times = [_one_start(Path(folder), variables) for _ in range(ROUNDS + 1)]
    return statistics.median(times[1:])  # the first one makes the database


def _one_start(folder: Path, variables: dict[str, str]) -> float:
    command = [sys.executable, "-m", "tickfolio", "run", "--feed", "yahoo", "--no-browser", "--port", "0"]
    command += ["--data", str(folder)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TICKFOLIO_")}
    began = time.monotonic()
    with subprocess.Popen(command, env={**kept, **variables}, stdout=subprocess.PIPE, text=True) as product:
        try:
            assert product.stdout is not None
            address = product.stdout.readline().split()[-1]
            return 1000 * (_priced_at(address.replace("http", "ws", 1) + "ws/stocks/") - began)
        finally:
            product.terminate()


def _priced_at(address: str) -> float:
    deadline = time.monotonic() + SECONDS_AT_MOST
    with connect(address) as socket:
        socket.send('{"symbol": "NVDA"}')
        while time.monotonic() < deadline:
            if json.loads(socket.recv(timeout=SECONDS_AT_MOST)).get("price") is not None:
                return time.monotonic()
    raise AssertionError(f"Expected a price within {SECONDS_AT_MOST} s.")
