"""What goes out compressed, and what is left as it is."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncRequestFactory, Client, RequestFactory

from tickfolio.web.compressed import LEAST, answer_compressed

LONG = b"a figure, " * LEAST


def answered(response: Any, accepted: str = "gzip, deflate, br") -> Any:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return answer_compressed(lambda _: response)(request)


def test_a_page_is_compressed_for_who_takes_that() -> None:
    response = answered(HttpResponse(LONG))
    assert gzip.decompress(response.content) == LONG
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0, br"])
def test_who_does_not_take_it_gets_the_page_as_it_is(accepted: str) -> None:
    response = answered(HttpResponse(LONG), accepted)
    assert (response.content, "Content-Encoding" in response.headers) == (LONG, False)
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG[: LEAST - 1]),
        HttpResponse(LONG, content_type="application/pdf"),
        HttpResponse(LONG, headers={"Content-Encoding": "br"}),
    ],
    ids=["one packet", "a file", "compressed already"],
)
def test_what_would_gain_nothing_is_left(response: HttpResponse) -> None:
    before = response.content
    assert answered(response).content == before


def test_a_stream_goes_on_as_a_stream() -> None:
    response = answered(StreamingHttpResponse([LONG], content_type="application/json"))
    assert b"".join(response.streaming_content) == LONG


def test_its_length_is_another_one_each_time() -> None:
    assert len({len(answered(HttpResponse(LONG)).content) for _ in range(40)}) > 1


def test_a_tag_is_of_the_page_and_not_of_its_bytes() -> None:
    assert answered(HttpResponse(LONG, headers={"ETag": '"a"'})).headers["ETag"] == 'W/"a"'
    assert answered(HttpResponse(LONG, headers={"ETag": 'W/"a"'})).headers["ETag"] == 'W/"a"'


async def test_it_is_compressed_where_answers_are_awaited() -> None:
    async def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse(LONG)

    async def nothing(_: HttpRequest) -> HttpResponse:
        return HttpResponse(b"")

    request = AsyncRequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress((await answer_compressed(page)(request)).content) == LONG
    assert (await answer_compressed(nothing)(request)).content == b""


@pytest.mark.django_db
def test_the_products_pages_are_sent_so(client: Client) -> None:
    page = client.get("/no/such/page/", headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(page.content)
