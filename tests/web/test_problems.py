import json
from http import HTTPStatus

from tickfolio.web.problems import problem


def test_problem_is_a_document_of_rfc_9457_that_nobody_keeps() -> None:
    answer = problem(status=HTTPStatus.NOT_FOUND, code="unknown_symbol", detail="No such symbol. Pick another.")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.content) == {
        "type": "urn:tickfolio:problem:unknown_symbol",
        "title": "Not Found",
        "status": 404,
        "code": "unknown_symbol",
        "detail": "No such symbol. Pick another.",
    }
