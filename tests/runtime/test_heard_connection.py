"""A network that swallows everything, and a server that takes its time: only the first is given up."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from tests.servers.swallowing import SwallowingProxy, swallowing_proxy
from tickfolio.runtime import heard_connection
from tickfolio.runtime.heard_connection import HeardConnection, checked

SHORT = 0.5


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeardConnection, "_patience", SHORT)
    monkeypatch.setattr(heard_connection, "CHECK_SECONDS", SHORT)
    monkeypatch.setattr(heard_connection, "CONNECT_SECONDS", 1)


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[SwallowingProxy]:
    port = urlsplit(postgres_url).port
    assert port is not None
    with swallowing_proxy(port) as found:
        yield found


@pytest.fixture
def address(postgres_url: str, proxy: SwallowingProxy) -> str:
    return postgres_url.replace(f":{urlsplit(postgres_url).port}/", f":{proxy.port}/")


def answer(connection: psycopg.Connection[tuple[int]]) -> int:
    row = connection.execute("SELECT 7").fetchone()
    assert row is not None
    return row[0]


def test_an_answer_that_never_comes_is_given_up_and_the_connection_with_it(
    address: str, proxy: SwallowingProxy
) -> None:
    with HeardConnection.connect(address, autocommit=True) as connection:
        assert answer(connection) == 7
        proxy.swallow()
        with pytest.raises(psycopg.OperationalError, match="nothing was heard"):
            answer(connection)
        assert connection.closed


def test_an_answer_that_was_lost_is_given_up_although_the_server_is_there_again(
    address: str, proxy: SwallowingProxy
) -> None:
    with HeardConnection.connect(address, autocommit=True) as connection:
        proxy.swallow()
        proxy.heal()
        with pytest.raises(psycopg.OperationalError, match="nothing was heard"):
            answer(connection)


def test_a_statement_that_takes_its_time_is_waited_for(address: str) -> None:
    with HeardConnection.connect(address, autocommit=True) as connection:
        connection.execute(f"SELECT pg_sleep({SHORT * 4})")
        assert answer(connection) == 7


class Silent:
    """As much of a connection as is looked after; the server says that it has done its work."""

    _patience, _asks = 0.0, True

    def _is_at_work(self, _seconds: float) -> bool:
        return False

    def _give_up(self, _seconds: float) -> None:
        raise psycopg.OperationalError("nothing was heard")


def looked_after() -> Generator[int, int, str]:
    """A statement that has waited in vain, and of which the server has just said that it is done."""

    def statement() -> Generator[int, int, str]:
        return f"answer {(yield 1)}"

    waiting = HeardConnection._while_heard(Silent(), statement())  # type: ignore[arg-type]  # as much of one as is needed
    assert next(waiting) == 1
    assert waiting.send(0) == 1  # nothing yet, so the server was asked; now once more
    return waiting


def test_an_answer_that_comes_while_the_server_is_asked_counts() -> None:
    with pytest.raises(StopIteration) as end:
        looked_after().send(1)
    assert end.value.value == "answer 1"


def test_where_none_has_come_by_then_it_is_given_up() -> None:
    with pytest.raises(psycopg.OperationalError, match="nothing was heard"):
        looked_after().send(0)


def test_a_server_that_waits_for_the_next_statement_or_for_this_side_is_at_no_work(address: str) -> None:
    with HeardConnection.connect(address) as connection:
        answer(connection)
        assert not connection._is_at_work(0)
        connection.execute("CREATE TEMPORARY TABLE numbers (number integer)")
        with connection.cursor().copy("COPY numbers FROM STDIN"):
            assert not connection._is_at_work(0)
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT 1 / 0")
        assert not connection._is_at_work(0)


def test_of_a_server_that_tells_nothing_only_the_time_tells(address: str) -> None:
    with HeardConnection.connect(address, autocommit=True) as connection:
        connection.execute("SET track_activities = off")
        assert connection._is_at_work(heard_connection.LOST_AFTER_SECONDS - 1)
        assert not connection._is_at_work(heard_connection.LOST_AFTER_SECONDS)


def test_a_server_that_has_no_room_for_one_who_asks_may_be_at_work(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HeardConnection.connect(address, autocommit=True) as connection:
        monkeypatch.setattr(
            heard_connection, "make_conninfo", lambda *_one, **_more: make_conninfo(address, dbname="none")
        )
        assert connection._is_at_work(heard_connection.LOST_AFTER_SECONDS - 1)
        assert not connection._is_at_work(heard_connection.LOST_AFTER_SECONDS)


@pytest.mark.parametrize("patience", [60.0, 0.0])
def test_behind_a_pooler_that_gives_numbers_of_its_own_only_the_time_tells(
    address: str, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr(heard_connection, "_WORK", f"{heard_connection._WORK} AND pid < 0")
    monkeypatch.setattr(heard_connection, "LOST_AFTER_SECONDS", patience)
    with HeardConnection.connect(address, autocommit=True) as connection:
        if patience:
            connection.execute(f"SELECT pg_sleep({SHORT * 4})")
        else:
            with pytest.raises(psycopg.OperationalError, match="nothing was heard"):
                connection.execute(f"SELECT pg_sleep({SHORT * 4})")


def test_a_pool_gives_none_away_that_is_of_the_network_from_before(address: str, proxy: SwallowingProxy) -> None:
    with ConnectionPool(
        address, connection_class=HeardConnection, check=checked, min_size=3, max_size=3, timeout=10, open=True
    ) as pool:
        pool.wait()
        proxy.swallow()
        proxy.heal()
        with pool.connection() as one, pool.connection() as other, pool.connection() as third:
            assert [answer(each) for each in (one, other, third)] == [7, 7, 7]
        # One check found out; the others were let go with it.
        assert pool.get_stats()["connections_lost"] == 1
