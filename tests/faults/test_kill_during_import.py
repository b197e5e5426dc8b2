"""kill -9 of the running product while it books a file: all of the file is there or nothing, and once in the end."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.caller import Caller, Unanswered
from tests.faults.instances import Instance
from tests.servers.product import Product

ROWS = 3000
JOB = "8a9a4f6e-0f5e-4c0e-9d8f-2f4f1f6f9b10"
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|digest)" value="([^"]*)"')
LIVING = "SELECT count(*) FROM ledger_transaction WHERE NOT is_deleted"
UNCOVERED = (
    "SELECT p.id FROM portfolio p WHERE p.head != (SELECT coalesce(sum(o.sequence - o.first_sequence + 1), 0) "
    "FROM outbox o WHERE o.portfolio_id = p.id)"
)


def file_of(round_: int) -> bytes:
    """A file of deposits, none of which is like one of another round."""
    rows = (f"2012-03-01,deposit,{round_}.{number:04},EUR,Bank" for number in range(1, ROWS + 1))
    return "\n".join(["date,type,amount,currency,account", *rows]).encode()


def previewed(caller: Caller, portfolio: str, round_: int) -> str:
    """Hands in a file; the address of its preview."""
    token = dict(HIDDEN.findall(caller.get(f"{portfolio}import/").text))["csrfmiddlewaretoken"]
    answer = caller.upload(
        f"{portfolio}import/", {"csrfmiddlewaretoken": token}, name=f"{round_}.csv", content=file_of(round_)
    )
    assert answer.status == 302, answer
    return answer.location


def book(caller: Caller, at: str) -> bool:
    """Books what the page shows, if it is not booked; False where the server went away."""
    try:
        page = caller.get(at)
        if "/book/" not in page.text:
            return True
        form = dict(HIDDEN.findall(page.text.split('/book/"')[1]))
        answer = caller.post(f"{at}book/", {**form, "job": JOB})
    except Unanswered:
        return False
    assert (answer.status, json.loads(answer.text)) == (200, {"location": at}), answer
    return True


def living(instance: Instance) -> int:
    """How many transactions live."""
    return int(instance.rows(LIVING)[0][0])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_file_is_booked_wholly_or_not_at_all_and_once_in_the_end(
    kind: str,
    request: pytest.FixtureRequest,
    start_product: Callable[..., Product],
    tmp_path: Path,
    is_long_run: bool,
    seed: int,
) -> None:
    url = request.getfixturevalue("postgres_database") if kind == "postgresql" else ""
    instance = Instance(tmp_path / "data", url=url)
    product = start_product("--data", str(instance.data), environment={"DATABASE_URL": url})
    caller = Caller(product.origin, timeout=60)
    caller.sign_up("alice@example.org")
    typed = {"name": "Mine", "base_currency": "EUR", "account_name": "Bank", "account_currency": "EUR"}
    portfolio = caller.submit("/portfolios/new/", typed).location
    chance, before, cut_off, told = random.Random(seed), living(instance), 0, 0
    rounds = 20 if is_long_run else 4
    for round_ in range(1, rounds + 1):
        at = previewed(caller, portfolio, round_)
        killing = threading.Thread(target=kill_after, args=(product, chance.uniform(0.05, 2.5)))
        killing.start()
        cut_off += not book(caller, at)
        killing.join()
        product.start()
        caller.origin = product.origin
        assert living(instance) - before in ((round_ - 1) * ROWS, round_ * ROWS)
        assert instance.rows(UNCOVERED) == []
        # The job went with the process, and the page says what is there.
        assert json.loads(caller.get(f"{portfolio}jobs/{JOB}/").text) == {"state": "gone"}
        said = caller.get(f"{at}?stopped").text
        if living(instance) - before == round_ * ROWS:
            assert "All of this file is booked." in said
        else:
            assert "Nothing of this file is booked." in said or "Nothing of it is booked: open its preview" in said
        # So it says to who comes back later; where it was killed before the work began there is nothing to tell.
        is_told = f"Booking {round_}.csv did not finish" in caller.get("/").text
        assert not is_told or living(instance) - before == (round_ - 1) * ROWS
        assert is_told is (f"Booking {round_}.csv did not finish" in caller.get(f"{portfolio}import/").text)
        told += is_told
        assert book(caller, at)
        assert "did not finish" not in caller.get("/").text
        assert living(instance) - before == round_ * ROWS
    for round_ in range(1, rounds + 1):
        page = caller.get(previewed(caller, portfolio, round_)).text
        assert f'Already booked <span class="num">{ROWS:,}</span>' in page
        assert "/book/" not in page
    print(f"{kind}: {cut_off} of {rounds} bookings were cut off, {told} of them told of")  # noqa: T201  # the figure of a long run


def kill_after(product: Product, seconds: float) -> None:
    """Kills the product after a while."""
    time.sleep(seconds)
    product.kill()
