"""Middleware that is written once: each kind, before a view that is called and before one that is awaited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tickfolio.web.middlewares import Middleware, answers_within, changes_answers, refuses

seen: list[str] = []


def called(request: HttpRequest) -> HttpResponse:
    seen.append("view")
    return HttpResponse(request.path)


async def awaited(request: HttpRequest) -> HttpResponse:
    return called(request)


@answers_within
@contextmanager
def noted(request: HttpRequest) -> Iterator[None]:
    seen.append(f"before {request.path}")
    yield
    seen.append("after")


@changes_answers
def signed(request: HttpRequest, response: Any) -> Any:
    response.headers["Signed"] = request.path
    return response


@refuses
def without_stop(request: HttpRequest) -> HttpResponse | None:
    return HttpResponse("stopped", status=400) if request.path == "/stop" else None


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


@pytest.fixture(params=[called, awaited])
async def answered(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """The answer through a middleware, of either kind of view."""

    async def answer(middleware: Middleware, path: str = "/") -> HttpResponse:
        view = middleware(request.param)
        assert iscoroutinefunction(view) is iscoroutinefunction(request.param)
        response: Any = view(RequestFactory().get(path))
        return await response if iscoroutinefunction(view) else response  # type: ignore[no-any-return]  # Django has no type for either

    return answer


async def test_a_request_is_answered_within_its_block(answered: Callable[..., Any]) -> None:
    assert (await answered(noted, "/a")).content == b"/a"
    assert seen == ["before /a", "view", "after"]


async def test_an_answer_is_changed(answered: Callable[..., Any]) -> None:
    assert (await answered(signed, "/a")).headers["Signed"] == "/a"


async def test_a_refusal_comes_before_any_view(answered: Callable[..., Any]) -> None:
    assert (await answered(without_stop, "/stop")).status_code == 400
    assert seen == []
    assert (await answered(without_stop, "/go")).status_code == 200


@pytest.mark.parametrize("middleware", [noted, signed, without_stop])
def test_django_is_told_that_it_may_be_awaited(middleware: Any) -> None:
    assert (middleware.sync_capable, middleware.async_capable) == (True, True)
