from __future__ import annotations

import re

import pytest
from django.test import Client
from structlog.contextvars import bound_contextvars, get_contextvars

from tickfolio.web.request_ids import HEADER


def test_every_answer_has_an_id_of_its_own_which_the_log_has_too(client: Client) -> None:
    with bound_contextvars(known_before="a"):
        first, second = (client.get("/healthz") for _ in range(2))
        bound = get_contextvars()
    assert re.fullmatch(r"[0-9a-f]{16}", first[HEADER])
    assert first[HEADER] != second[HEADER]
    assert bound == {"known_before": "a", "request_id": second[HEADER]}


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("abc-123", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("a\n", False), ("", False)],
)
def test_an_id_of_a_proxy_is_kept_where_it_is_one(client: Client, given: str, *, is_kept: bool) -> None:
    answer = client.get("/healthz", headers={HEADER: given})
    assert (answer[HEADER] == given) is is_kept
