from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import serializers
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.identity.cast import PASSWORD, person
from tests.services.wakes import wakes
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import ApiToken
from tickfolio.live.bus.port import AccessChanged
from tickfolio.persistence.tenancy import Person
from tickfolio.services import sessions, tokens
from tickfolio.services.tokens import (
    EXPIRES_AFTER_DAYS,
    MAX_TOKENS,
    NewToken,
    TokenHolder,
    is_token_session,
    standing_tokens,
    token_holder,
    token_make,
    token_revoke,
    token_view,
    tokens_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return Person(person("alice").pk)


def made(actor: Person, name: str = "Script", days: int | None = None) -> NewToken:
    return token_make(actor=actor, name=name, days=days)


def end(token: NewToken, **columns: object) -> None:
    ApiToken.objects.filter(pk=token.view.id).update(**columns)


def key_of(token: NewToken) -> str:
    return f"token:{token.view.id}"


# ---------- Made and listed ----------


def test_token_is_random_begins_with_what_it_is_and_fits_into_a_header(alice: Person) -> None:
    texts = {made(alice, f"Script {number}").text for number in range(MAX_TOKENS)}
    assert len(texts) == MAX_TOKENS
    assert all(re.fullmatch(r"tkf_[A-Za-z0-9_-]{32}", text) for text in texts)


def test_tokens_are_listed_newest_first_without_what_they_are(alice: Person) -> None:
    first, second = made(alice, "  First "), made(alice, "Second", 30)
    assert tokens_of(actor=alice) == (second.view, first.view)
    assert (first.view.name, first.view.last_used_at, first.view.expires_at) == ("First", None, None)
    assert second.view.expires_at == second.view.created_at + timedelta(days=30)
    assert second.text.startswith(second.view.beginning)
    assert len(second.view.beginning) == 10
    assert token_view(actor=alice, token_id=first.view.id) == first.view


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_name_is_needed_and_must_not_be_too_long(alice: Person, name: str) -> None:
    with pytest.raises(InvalidDraft) as refusal:
        made(alice, name)
    assert set(refusal.value.errors) == {"name"}
    assert made(alice, "x" * 80).view.name == "x" * 80


def test_only_what_is_offered_can_be_chosen(alice: Person) -> None:
    with pytest.raises(InvalidDraft) as refusal:
        made(alice, days=36500)
    assert set(refusal.value.errors) == {"days"}
    assert [made(alice, days=days).view.expires_at is not None for days in EXPIRES_AFTER_DAYS] == [True] * 3


def test_of_tokens_that_stand_there_is_a_limit(alice: Person) -> None:
    held = [made(alice, str(number)) for number in range(MAX_TOKENS)]
    with pytest.raises(InvalidDraft, match="at most 20 tokens"):
        made(alice)
    end(held[0], expires_at=timezone.now())
    assert made(alice).view in tokens_of(actor=alice)
    token_revoke(actor=alice, token_id=held[1].view.id)
    assert made(alice).view in tokens_of(actor=alice)


def test_rows_of_tokens_that_ended_long_ago_go(alice: Person) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    revoked, expired, lately = (made(alice, name) for name in ("revoked", "expired", "lately"))
    end(revoked, revoked_at=long_ago)
    end(expired, expires_at=long_ago)
    end(lately, revoked_at=timezone.now())
    bobs = made(Person(person("bob").pk))
    end(bobs, revoked_at=long_ago)
    made(alice, "new")
    assert set(ApiToken.objects.values_list("name", flat=True)) == {"lately", "new", bobs.view.name}


# ---------- Whose it is ----------


def test_token_says_whose_it_is_and_when_it_was_used(alice: Person) -> None:
    token = made(alice)
    assert token_holder(token.text) == TokenHolder(alice.user_id, key_of(token))
    used = token_view(actor=alice, token_id=token.view.id).last_used_at
    assert used is not None
    assert is_token_session(key_of(token))


def test_use_is_written_down_once_a_minute(alice: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    token = made(alice)
    with django_assert_num_queries(2):
        token_holder(token.text)
    with django_assert_num_queries(1):
        token_holder(token.text)
    before = timezone.now() - timedelta(minutes=1)
    end(token, last_used_at=before)
    token_holder(token.text)
    used = token_view(actor=alice, token_id=token.view.id).last_used_at
    assert used is not None
    assert used > before


def test_who_reads_is_not_kept_waiting_by_who_writes(alice: Person) -> None:
    token = made(alice)

    def locked(execute: object, sql: str, *_rest: object) -> object:
        if sql.startswith("UPDATE"):
            raise OperationalError("database is locked")
        return execute(sql, *_rest)  # type: ignore[operator]  # it is what Django hands over

    with connection.execute_wrapper(locked):
        assert token_holder(token.text) is not None


@pytest.mark.parametrize("wrong", ["", "tkf_", "tkf_" + "x" * 32, "ü" * 400, "\0"])
def test_what_is_no_token_is_nobodys(alice: Person, wrong: str) -> None:
    token = made(alice)
    assert token_holder(wrong) is None
    assert token_holder(token.text.upper()) is None
    assert token_holder(token.text + " ") is None
    assert token_holder(ApiToken.objects.get().digest) is None


def test_token_that_ended_is_nobodys_and_stands_no_longer(alice: Person) -> None:
    good, expired, revoked = (made(alice, name) for name in ("good", "expired", "revoked"))
    end(expired, expires_at=timezone.now())
    token_revoke(actor=alice, token_id=revoked.view.id)
    assert [token_holder(each.text) is None for each in (good, expired, revoked)] == [False, True, True]
    pairs = [(key_of(each), alice.user_id) for each in (good, expired, revoked)]
    assert standing_tokens(pairs) == {pairs[0]}
    assert tokens_of(actor=alice) == (token_view(actor=alice, token_id=good.view.id),)


def test_token_stands_for_its_own_person_only(alice: Person) -> None:
    token, bob = made(alice), person("bob")
    assert standing_tokens([(key_of(token), bob.pk)]) == frozenset()


def test_tokens_are_judged_in_one_question_and_none_in_none(
    alice: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pairs = [(key_of(made(alice, str(number))), alice.user_id) for number in range(5)]
    with django_assert_num_queries(1):
        assert standing_tokens(pairs) == set(pairs)
    with django_assert_num_queries(0):
        assert standing_tokens([]) == frozenset()


def test_token_of_somebody_who_is_not_active_does_not_stand(alice: Person) -> None:
    token = made(alice)
    user = ApiToken.objects.get().user
    user.is_active = False
    user.save()
    assert token_holder(token.text) is None
    assert standing_tokens([(key_of(token), alice.user_id)]) == frozenset()


def test_new_password_and_signing_out_everywhere_leave_tokens_as_they_are(alice: Person, client: Client) -> None:
    token = made(alice)
    client.force_login(ApiToken.objects.get().user)
    new = "a quite different one 7"
    client.post("/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    sessions.sign_out_everywhere(user_id=alice.user_id)
    assert token_holder(token.text) is not None


# ---------- Revoked ----------


def test_another_persons_token_is_not_there(alice: Person) -> None:
    token, bob = made(alice), Person(person("bob").pk)
    for missing in (token.view.id, "00000000-0000-4000-8000-000000000000", "x"):
        for does in (token_revoke, token_view):
            with pytest.raises(NotFound, match="Expected a token of yours"):
                does(actor=bob, token_id=missing)
    assert token_holder(token.text) is not None
    assert tokens_of(actor=bob) == ()


def test_token_is_revoked_once(alice: Person) -> None:
    token = made(alice)
    token_revoke(actor=alice, token_id=token.view.id)
    with pytest.raises(NotFound):
        token_revoke(actor=alice, token_id=token.view.id)


@pytest.mark.django_db(transaction=True)
def test_engine_is_woken_after_the_commit_and_not_by_what_is_rolled_back(alice: Person) -> None:
    token = made(alice)
    with wakes() as heard:
        with transaction.atomic():
            token_revoke(actor=alice, token_id=token.view.id)
            transaction.set_rollback(True)
        assert heard == []
        with transaction.atomic():
            token_revoke(actor=alice, token_id=token.view.id)
            assert heard == []
        assert heard == [AccessChanged(alice.user_id)]


# ---------- The text ----------


def test_text_of_a_token_is_in_no_statement_no_row_and_no_picture_of_it(alice: Person) -> None:
    with CaptureQueriesContext(connection) as said:
        token = made(alice)
        token_holder(token.text)
        token_revoke(actor=alice, token_id=token.view.id)
    secret = token.text[len(token.view.beginning) :]
    assert not [each["sql"] for each in said if secret in each["sql"]]
    assert secret not in serializers.serialize("json", ApiToken.objects.all())
    assert secret not in repr(token)
    assert str(ApiToken.objects.get()) == token.view.beginning
    assert tokens.PREFIX in token.view.beginning
