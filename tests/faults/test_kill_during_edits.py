"""kill -9 of the running product while people write: what was acknowledged is there, once, and nothing is half there."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.faults.caller import Caller, Unanswered
from tests.faults.instances import Instance
from tests.servers.product import Product

PEOPLE = 3
ACCOUNT = re.compile(r'<option value="([0-9a-f-]{36})"')
LIVING = "SELECT t.note, t.amount FROM transaction_version t JOIN ledger_transaction h ON h.current_version_id = t.id"
NOTE = re.compile("[0-9a-f]{32}")


@dataclass
class Entry:
    """A transaction that somebody entered: its note is like no other's."""

    note: str
    amount: str
    version: int = 1
    address: str = ""


@dataclass
class Writer:
    """A person who adds and edits, one form after the other, and remembers what was acknowledged."""

    caller: Caller
    portfolio: str
    account: str
    token: str
    chance: random.Random
    entries: dict[str, Entry] = field(default_factory=dict)
    in_doubt: Callable[..., None] | None = None
    acknowledged: int = 0

    def work_until_cut_off(self) -> None:
        """Writes until the server does not answer; what was asked of it last is in doubt then."""
        try:
            while True:
                self._write()
        except Unanswered:
            return

    def settle(self) -> None:
        """Sends again what is in doubt, exactly as it was."""
        if self.in_doubt is not None:
            self.in_doubt(is_again=True)
            self.in_doubt = None

    def _write(self) -> None:
        if self.entries and self.chance.random() < 0.4:
            self._begin_edit(self.chance.choice(list(self.entries.values())))
        else:
            self._begin_add()
        assert self.in_doubt is not None
        self.in_doubt(is_again=False)
        self.in_doubt = None

    def _begin_add(self) -> None:
        entry = Entry(note=uuid.uuid4().hex, amount=f"{self.chance.randint(1, 10**6)}.25")
        path = f"{self.portfolio}transactions/new/"
        fields = {**self._fields(entry.note, entry.amount), "key": str(uuid.uuid4())}

        def send(*, is_again: bool) -> None:  # with the same key, so that again is not twice
            answer = self.caller.post(path, fields)
            assert answer.status == 302, (answer, is_again)
            self.acknowledged += 1
            self.entries[entry.note] = entry

        self.in_doubt = send

    def _begin_edit(self, entry: Entry) -> None:
        address = entry.address or self._address_of(entry)
        amount = f"{self.chance.randint(1, 10**6)}.75"
        fields = {**self._fields(entry.note, amount), "version": str(entry.version)}

        def send(*, is_again: bool) -> None:
            answer = self.caller.post(address, fields)
            # Sent again, an edit that was done the first time is told that there is a newer version: its own.
            assert answer.status == 302 or (is_again and answer.status == 409), (answer, is_again)
            self.acknowledged += 1
            entry.amount, entry.version, entry.address = amount, entry.version + 1, address

        self.in_doubt = send

    def _address_of(self, entry: Entry) -> str:
        found = re.search(
            rf'href="({re.escape(self.portfolio)}transactions/[0-9a-f-]{{36}}/)"',
            self.caller.get(f"{self.portfolio}transactions/?text={entry.note}").text,
        )
        assert found is not None
        return found.group(1)

    def _fields(self, note: str, amount: str) -> dict[str, str]:
        typed = {"day": "2012-03-01", "time": "12:00", "currency": "EUR", "amount": amount, "note": note}
        return {"csrfmiddlewaretoken": self.token, "type": "deposit", "account_id": self.account, **typed}


def writer_at(product: Product, number: int, seed: int) -> Writer:
    """A person who has signed up and has a portfolio with an account."""
    caller = Caller(product.origin, timeout=60)
    caller.sign_up(f"writer{number}@example.org")
    typed = {"name": "Mine", "base_currency": "EUR", "account_name": "Bank", "account_currency": "EUR"}
    portfolio = caller.submit("/portfolios/new/", typed).location
    assert re.fullmatch(r"/portfolios/[0-9a-f-]{36}/", portfolio)
    page = caller.get(f"{portfolio}transactions/new/?type=deposit")
    account, token = ACCOUNT.search(page.text), page.hidden_beside("amount")["csrfmiddlewaretoken"]
    assert account is not None
    return Writer(caller, portfolio, account.group(1), token, random.Random(f"{seed} {number}"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_acknowledged_transaction_is_there_once_after_kills(
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
    writers = [writer_at(product, number, seed) for number in range(PEOPLE)]
    chance, doubts = random.Random(seed), 0
    for _round in range(50 if is_long_run else 5):
        kill_while_they_write(product, writers, after_s=chance.uniform(0.05, 1.5))
        doubts += sum(writer.in_doubt is not None for writer in writers)
        product.start()
        for writer in writers:
            writer.caller.origin = product.origin
            writer.settle()
        assert_all_is_there_once(instance, writers)
    total = sum(writer.acknowledged for writer in writers)
    print(f"{kind}: {total} acknowledged, {doubts} sent again after a kill")  # noqa: T201  # the figure of a long run
    assert doubts > 0
    assert total > 20


def kill_while_they_write(product: Product, writers: list[Writer], *, after_s: float) -> None:
    """Lets all write at once, and kills the product so long after each of them has been acknowledged two things."""
    before = [writer.acknowledged for writer in writers]
    with ThreadPoolExecutor(len(writers)) as pool:
        working = [pool.submit(writer.work_until_cut_off) for writer in writers]
        while any(writer.acknowledged < count + 2 for writer, count in zip(writers, before, strict=True)):
            for done in (each for each in working if each.done()):
                done.result()
            time.sleep(0.01)
        time.sleep(after_s)
        product.kill()
    for each in working:
        each.result()


def assert_all_is_there_once(instance: Instance, writers: list[Writer]) -> None:
    """The ledger is what was acknowledged: no entry lost, doubled or half written, and no edit either."""
    expected = sorted((each.note, Decimal(each.amount)) for writer in writers for each in writer.entries.values())
    living = sorted((note, Decimal(amount)) for note, amount in instance.rows(LIVING) if NOTE.fullmatch(note))
    assert living == expected
    versions = instance.rows("SELECT note, count(*), max(version) FROM transaction_version GROUP BY note")
    counted = {note: (count, newest) for note, count, newest in versions}
    for writer in writers:
        for entry in writer.entries.values():
            assert counted[entry.note] == (entry.version, entry.version)
    assert (
        instance.rows(
            "SELECT p.id FROM portfolio p WHERE p.head != (SELECT coalesce(sum(o.sequence - o.first_sequence + 1), 0) "
            "FROM outbox o WHERE o.portfolio_id = p.id)"
        )
        == []
    )
