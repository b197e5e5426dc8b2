"""The product on PostgreSQL and Valkey: the same code, two addresses more."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.faults.instances import Instance
from tests.servers.product import Product, users_environment
from tests.servers.valkey import ValkeyServer


def socket(product: Product) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{product.port}/ws/stocks/")


def price_of(client: ClientConnection) -> object:
    return json.loads(client.recv(timeout=20))["price"]


def readiness(product: Product) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"{product.origin}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)["checks"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["checks"]


def wait_until_ready(product: Product, status: int) -> None:
    until = time.monotonic() + 60
    while readiness(product)[0] != status:
        assert time.monotonic() < until
        time.sleep(0.2)


def test_product_runs_on_postgresql_and_valkey_and_is_there_again_after_a_kill(
    start_product: Callable[..., Product], postgres_database: str, valkey_url: str
) -> None:
    environment = {"DATABASE_URL": postgres_database, "REDIS_URL": valkey_url}
    product = start_product("--start", "2012-07-10T10:00", environment=environment)
    with socket(product) as client:
        client.send('{"symbol":"AAPL"}')
        assert len({price_of(client) for _ in range(5)}) >= 2
    wait_until_ready(product, 200)
    assert readiness(product) == (200, {"database": "ok", "bus": "ok", "engine": "ok"})
    instance, until = Instance(product.data, url=postgres_database), time.monotonic() + 60
    while not instance.rows("SELECT 1 FROM latest_quote, market_clock"):  # a record is written every two seconds
        assert time.monotonic() < until
        time.sleep(0.1)
    product.kill()
    product.options.clear()  # without the start, which would begin a new run
    product.start()
    with urllib.request.urlopen(f"{product.origin}/stocks/AAPL/today.json", timeout=10) as answer:
        assert json.load(answer)["session_day"] == "2012-07-10"
    assert not (product.data / "tickfolio.sqlite3").exists()


def test_valkey_that_goes_away_is_said_and_prices_come_back_with_it(
    start_product: Callable[..., Product], own_valkey: ValkeyServer
) -> None:
    product = start_product(environment={"REDIS_URL": own_valkey.url})
    with socket(product) as client:
        client.send('{"symbol":"AAPL"}')
        price_of(client)
        own_valkey.kill()
        wait_until_ready(product, 503)
        own_valkey.start()
        wait_until_ready(product, 200)
        client.send('{"symbol":"IBM"}')
        heard = {json.loads(client.recv(timeout=20))["price"] for _ in range(20)}
        assert len(heard) >= 5


@pytest.mark.parametrize(
    ("name", "address"),
    [("REDIS_URL", "redis://127.0.0.1:1/0"), ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")],
)
def test_server_that_is_not_there_is_a_clear_refusal_to_start(tmp_path: Path, name: str, address: str) -> None:
    words = [sys.executable, "-m", "tickfolio", "run", "--no-browser", "--port", "0", "--data", str(tmp_path)]
    environment = {**users_environment(), name: address}
    result = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode != 0
    assert name in result.stderr
    assert "Traceback" not in result.stderr
