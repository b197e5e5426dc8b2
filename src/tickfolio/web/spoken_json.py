"""JSON for the pages' scripts, what people read in it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import JsonResponse

from tickfolio.words import said


class SpokenJson(JsonResponse):
    """An answer of JSON whose marked sentences are translated: JSON by itself would take their English text."""

    def __init__(self, document: Mapping[str, object], *, status: HTTPStatus = HTTPStatus.OK) -> None:
        super().__init__(said(document), status=status)
