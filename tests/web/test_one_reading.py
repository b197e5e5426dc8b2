"""A page reads the recorded market once; the answer to a form as often as it asks."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.services.ledger_entries import book, person
from tickfolio.identity.models import User
from tickfolio.services.one_reading import read_once
from tickfolio.web.one_reading import read_once_for_each


@pytest.mark.django_db
def test_the_side_bar_shows_what_the_page_has_read() -> None:
    mine = book(person("alice"))
    client = Client()
    client.force_login(User.objects.get(pk=mine.owner.user_id))
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/portfolios/{mine.portfolio_id}/gains/")
    assert sum('FROM "latest_quote"' in each["sql"] for each in asked.captured_queries) == 1


class Reader:
    """A view that reads something twice."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, _request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{read_once(int, self._read)} {read_once(int, self._read)}")

    async def later(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = await sync_to_async(self)(request)
        return answer

    def _read(self) -> int:
        self.times += 1
        return self.times


@pytest.mark.parametrize(("method", "read"), [("GET", b"1 1"), ("HEAD", b"1 1"), ("POST", b"1 2")])
def test_what_may_change_something_reads_it_anew(rf: RequestFactory, method: str, read: bytes) -> None:
    request, reader = rf.generic(method, "/"), Reader()
    assert read_once_for_each(reader)(request).content == read
    assert asyncio.run(read_once_for_each(Reader().later)(request)).content == read


def test_the_next_request_reads_it_anew(rf: RequestFactory) -> None:
    answer = read_once_for_each(Reader())
    assert [answer(rf.get("/")).content for _ in range(2)] == [b"1 1", b"2 2"]
