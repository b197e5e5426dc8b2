"""Middleware that is written once, and serves views that are called as well as views that are awaited."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

type View = Callable[[HttpRequest], Any]
"""What answers a request. `Any`: an answer, or what one is awaited of."""
type Middleware = Callable[[View], View]


def answers_within(block: Callable[[HttpRequest], AbstractContextManager[object]]) -> Middleware:
    """Middleware that answers each request while the block for it lasts."""

    @sync_and_async_middleware
    def middleware(view: View) -> View:
        async def answer_later(request: HttpRequest) -> Any:
            with block(request):
                return await view(request)

        def answer(request: HttpRequest) -> Any:
            with block(request):
                return view(request)

        return answer_later if iscoroutinefunction(view) else answer

    return middleware


def changes_answers(change: Callable[[HttpRequest, Any], Any]) -> Middleware:
    """Middleware that changes an answer, or gives another. `Any`: whatever kind of answer a view gives."""

    @sync_and_async_middleware
    def middleware(view: View) -> View:
        async def answer_later(request: HttpRequest) -> Any:
            return change(request, await view(request))

        def answer(request: HttpRequest) -> Any:
            return change(request, view(request))

        return answer_later if iscoroutinefunction(view) else answer

    return middleware


def refuses(refusal: Callable[[HttpRequest], HttpResponse | None]) -> Middleware:
    """Middleware that answers by the refusal where there is one, before any view is asked."""

    @sync_and_async_middleware
    def middleware(view: View) -> View:
        async def answer_later(request: HttpRequest) -> Any:
            return refusal(request) or await view(request)

        def answer(request: HttpRequest) -> Any:
            return refusal(request) or view(request)

        return answer_later if iscoroutinefunction(view) else answer

    return middleware
