"""Addresses that only take forms, opened as pages."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from tests.identity.cast import person

pytestmark = pytest.mark.django_db
AS_A_BROWSER = {"Accept": "text/html,application/xhtml+xml"}


def test_who_opens_where_a_form_is_sent_to_is_told_that_nothing_was_changed(client: Client) -> None:
    client.force_login(person("alice"))
    answer = client.get("/preferences/theme/", headers=AS_A_BROWSER)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Nothing was changed." in answer.content.decode()


def test_it_is_told_in_the_persons_language(client: Client) -> None:
    client.force_login(person("alice", language="de"))
    answer = client.get("/preferences/theme/", headers=AS_A_BROWSER)
    assert "Es wurde nichts geändert." in answer.content.decode()


def test_a_program_is_answered_without_a_page(client: Client) -> None:
    answer = client.post("/market-hours.json")
    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.django_db(transaction=True)
async def test_so_it_is_beside_an_event_loop(async_client: AsyncClient) -> None:
    await async_client.aforce_login(await sync_to_async(person)("alice"))
    answer = await async_client.get("/preferences/theme/", headers=AS_A_BROWSER)
    assert "Nothing was changed." in answer.content.decode()
