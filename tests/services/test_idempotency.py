from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from tests.services.ledger_entries import Book, add, book, deposit, edit, person, sale, share
from tickfolio.errors import InsufficientQuantity, InvalidValue, KeyReused, NotFound
from tickfolio.persistence.models import IdempotencyKey, TransactionVersion
from tickfolio.persistence.tenancy import Actor, Person, Role, System
from tickfolio.services import members, transactions
from tickfolio.services.idempotency import RETENTION, Answer, once

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return person("alice")


def ask(actor: Actor, key: str | None, request: str, answer: int) -> Answer:
    with transaction.atomic():
        return once(actor=actor, key=key, request={"it": request}, work=lambda: {"answer": answer})


def keys_of(alice: Person) -> list[str]:
    return list(IdempotencyKey.objects.for_actor(alice).order_by("key").values_list("key", flat=True))


def test_same_request_with_the_same_key_is_done_once(alice: Person) -> None:
    assert ask(alice, "key", "this", 1) == {"answer": 1}
    assert ask(alice, "key", "this", 2) == {"answer": 1}


def test_another_request_with_the_same_key_is_refused(alice: Person) -> None:
    ask(alice, "key", "this", 1)
    with pytest.raises(KeyReused, match="new key"):
        ask(alice, "key", "that", 2)
    assert ask(alice, "key", "this", 3) == {"answer": 1}


def test_without_a_key_everything_is_done(alice: Person) -> None:
    assert [ask(alice, None, "this", number) for number in (1, 2)] == [{"answer": 1}, {"answer": 2}]
    assert keys_of(alice) == []


def test_a_key_is_ones_own(alice: Person) -> None:
    ask(alice, "key", "this", 1)
    assert ask(person("bob"), "key", "that", 2) == {"answer": 2}


def test_request_that_failed_has_not_used_its_key(alice: Person) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        once(actor=alice, key="key", request={"it": "this"}, work=lambda: {"answer": 1 // 0})
    assert keys_of(alice) == []
    assert ask(alice, "key", "that", 2) == {"answer": 2}


@pytest.mark.parametrize("key", ["", "x" * 101, "a\nb", "a\x00b"])
def test_key_that_is_none_is_refused(key: str, alice: Person) -> None:
    with pytest.raises(InvalidValue, match="idempotency key"):
        ask(alice, key, "this", 1)


def test_key_without_a_person_is_refused() -> None:
    with pytest.raises(InvalidValue, match="from a person"):
        ask(System("test"), "key", "this", 1)


def test_keys_are_kept_for_a_week(alice: Person) -> None:
    for key, age in (("old", RETENTION + timedelta(hours=1)), ("recent", RETENTION - timedelta(hours=1))):
        ask(alice, key, "this", 1)
        kept = IdempotencyKey.objects.for_actor(alice).filter(key=key)
        kept.update(created_at=kept.get().created_at - age)
    ask(alice, "new", "this", 1)
    assert keys_of(alice) == ["new", "recent"]


# ---------- With transactions ----------


def test_transaction_sent_again_is_answered_as_it_was_also_after_an_edit(alice: Person) -> None:
    mine = book(alice)
    added = add(mine, deposit(mine), idempotency_key="key")
    edit(mine, added, deposit(mine, "1.00"))
    assert add(mine, deposit(mine), idempotency_key="key") == added
    assert TransactionVersion.objects.for_actor(alice).count() == 2
    with pytest.raises(KeyReused):
        add(mine, deposit(mine, "5000.01"), idempotency_key="key")


def test_key_counts_in_all_of_ones_portfolios(alice: Person) -> None:
    mine, other = book(alice), book(alice, name="Other")
    add(mine, deposit(mine), idempotency_key="key")
    with pytest.raises(KeyReused):
        add(other, deposit(other), idempotency_key="key")


def test_transaction_that_was_refused_may_be_sent_again_with_its_key(alice: Person) -> None:
    mine = book(alice)
    with pytest.raises(InsufficientQuantity):
        add(mine, sale(mine), idempotency_key="key")
    assert add(mine, deposit(mine), idempotency_key="key").version == 1


def test_answer_is_not_for_who_may_no_longer_see_the_portfolio(alice: Person) -> None:
    mine = book(alice)
    bob = share(mine, "bob", Role.EDITOR)
    bobs = Book(bob, mine.portfolio_id, mine.account_id)
    add(bobs, deposit(mine), idempotency_key="key")
    members.member_remove(actor=alice, portfolio_id=mine.portfolio_id, user_id=bob.user_id)
    with pytest.raises(NotFound):
        add(bobs, deposit(mine), idempotency_key="key")
    assert transactions.transactions_page(actor=alice, portfolio_id=mine.portfolio_id).total == 1
