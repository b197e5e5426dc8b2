"""What is derived is dropped and comes back to the byte, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers.product import users_environment
from tests.services.derived_story import damage, past_the_door, tell
from tests.services.ledger_entries import Book, add, book, deposit, person, sale
from tickfolio.errors import NotFound
from tickfolio.persistence.models import LedgerTransaction
from tickfolio.persistence.selectors.ledger import TransactionFilter
from tickfolio.services.daily_series import series_behind
from tickfolio.services.derived_tables import derived_text
from tickfolio.services.portfolios import portfolios_of
from tickfolio.services.rebuilding import rebuild, rebuild_all
from tickfolio.services.transactions import transactions_page

ROOT = Path(__file__).parents[2]


def told_on(folder: Path, url: str) -> dict[str, Any]:
    """The story in a process of its own."""
    environment = {
        **users_environment(),
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "tickfolio.config.settings",
        "TICKFOLIO_MODE": "test",
        "TICKFOLIO_DATA": str(folder),
        **({"DATABASE_URL": url} if url else {}),
    }
    command = [sys.executable, "-m", "tests.services.derived_story"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_on_both_databases_it_comes_back_to_the_same_bytes(tmp_path: Path, postgres_database: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    on_sqlite, on_postgresql = told_on(tmp_path / "one", ""), told_on(tmp_path / "two", postgres_database)
    for told in (on_sqlite, on_postgresql):
        assert told["before"] == told["after"] != told["damaged"]
        assert told["left"] == []
        assert all("daily_value 2012-05-14" in text and "growth=" in text for text in told["before"])
    assert on_sqlite["before"] == on_postgresql["before"]


@pytest.mark.django_db(transaction=True)
def test_one_portfolio_alone_is_rebuilt() -> None:
    mine, other = tell()
    before = derived_text(mine)
    damage(mine)
    damage(other)
    rebuilt = rebuild(portfolio_id=mine)
    assert derived_text(mine) == before != derived_text(other)
    assert (rebuilt.is_same, rebuilt.days > 0, rebuilt.transactions > 5, rebuilt.refusal) == (False, True, True, "")
    again = rebuild(portfolio_id=mine)
    assert (again.is_same, again.digest) == (True, rebuilt.digest)
    assert list(series_behind()) == [other]


@pytest.mark.django_db(transaction=True)
def test_headers_that_are_gone_or_elsewhere_come_back() -> None:
    mine, other = tell()
    before = derived_text(mine)
    ids = list(past_the_door(LedgerTransaction).filter(portfolio_id=mine).values_list("pk", flat=True))
    past_the_door(LedgerTransaction).filter(pk=ids[0]).update(portfolio_id=other)
    rebuild(portfolio_id=mine)
    assert derived_text(mine) == before


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


@pytest.mark.django_db
def test_nothing_that_was_entered_is_touched(mine: Book) -> None:
    view = add(mine, deposit(mine))
    list(rebuild_all())
    page = transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id, wanted=TransactionFilter())
    assert page.rows == (view,)
    assert [each.id for each in portfolios_of(actor=mine.owner)] == [mine.portfolio_id]


@pytest.mark.django_db
def test_before_the_market_began_there_are_no_days(mine: Book) -> None:
    assert [each.refusal for each in rebuild_all()] == ["the market has not begun yet"]


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_cannot_be_has_no_days(monkeypatch: pytest.MonkeyPatch) -> None:
    tell()
    broken = book(person("carol"))
    monkeypatch.setattr("tickfolio.services.ledger_writes.refuse_impossible", lambda *_args, **_kwargs: None)
    add(broken, sale(broken))
    assert "AAPL" in rebuild(portfolio_id=broken.portfolio_id).refusal


@pytest.mark.django_db
def test_a_portfolio_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound):
        rebuild(portfolio_id="00000000-0000-4000-8000-000000000000")
