from pathlib import Path

from tickfolio.config.databases import database, postgresql_database
from tickfolio.runtime.heard_connection import HeardConnection, checked

URL = "postgres://me:p%40ss@db.example:5433/tickfolio?sslmode=require&connect_timeout=30"


def test_without_an_address_it_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tickfolio.sqlite3"
    found = database("DATABASE_URL", "", default=file, pools=True)
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", file)


def test_a_pool_gives_out_connections_that_notice_a_silent_network_and_the_address_has_the_last_word() -> None:
    found = postgresql_database("DATABASE_URL", URL, pools=True)
    assert found["ENGINE"] == "tickfolio.runtime.heard_postgresql"
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("tickfolio", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    options = found["OPTIONS"]
    assert (options["sslmode"], options["connect_timeout"], options["tcp_user_timeout"]) == ("require", "30", 10_000)
    pool = options["pool"]
    assert (pool["connection_class"], pool["check"]) == (HeardConnection, checked)


def test_without_a_pool_only_the_options_of_the_address_count() -> None:
    found = database("DATABASE_URL", URL, default=Path("unused"), pools=False)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert found["OPTIONS"] == {"sslmode": "require", "connect_timeout": "30"}
