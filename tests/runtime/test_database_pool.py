import pytest
from django.db import connection

from tickfolio.runtime import database_pool
from tickfolio.runtime.database_pool import TOLD, pool_stats


@pytest.mark.django_db
def test_without_a_pool_nothing_is_counted() -> None:
    assert getattr(connection, "pool", None) is None
    assert pool_stats() == {}


def test_what_a_pool_counts_is_told_whole(monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> None:
    psycopg_pool = pytest.importorskip("psycopg_pool")
    with psycopg_pool.ConnectionPool(postgres_url, min_size=1, max_size=2, open=True) as pool:
        pool.wait()
        with pool.connection() as used:
            used.execute("SELECT 1")
            monkeypatch.setattr(database_pool, "connection", type("Wrapper", (), {"pool": pool}))
            counted = pool_stats()
    assert tuple(counted) == TOLD
    assert (counted["pool_size"], counted["pool_available"], counted["requests_num"]) == (1, 0, 1)
