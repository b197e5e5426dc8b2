"""A real Valkey comes up on any machine, survives what tests do to it, and leaves nothing behind."""

import os
from pathlib import Path

import pytest
import redis

from tests.servers.valkey import ValkeyServer, any_valkey, find_binary, valkey_server, wheel_binary


@pytest.mark.valkey
@pytest.mark.parametrize("binary", sorted({find_binary(), wheel_binary()}), ids=str)
def test_every_kind_of_binary_serves(binary: Path) -> None:
    with valkey_server(binary) as server, redis.Redis.from_url(server.url) as client:
        client.set("price", "189.20")
        assert client.get("price") == b"189.20"


def test_a_killed_server_comes_back_empty_on_the_same_port(own_valkey: ValkeyServer) -> None:
    with redis.Redis.from_url(own_valkey.url) as client:
        client.set("price", "189.20")
        own_valkey.kill()
        own_valkey.start()
        assert client.get("price") is None


@pytest.mark.valkey
def test_a_removed_server_leaves_neither_process_nor_folder() -> None:
    with valkey_server() as server:
        pid, folder = server.process.pid, server.folder
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_server_that_the_environment_names_is_used(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_REDIS_URL", valkey_url)
    with any_valkey() as url:
        assert url == valkey_url
