import json
from http import HTTPStatus

from django.utils import translation

from tickfolio.web.spoken_json import SpokenJson
from tickfolio.words import marked_phrase


def test_marked_sentences_are_translated_and_all_else_stays() -> None:
    document = {"name": marked_phrase("Owner"), "rows": [{"value": "1.50", "of": (marked_phrase("Fees"), None)}]}
    with translation.override("de"):
        answer = SpokenJson(document, status=HTTPStatus.CONFLICT)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert json.loads(answer.content) == {"name": "Eigentümer", "rows": [{"value": "1.50", "of": ["Gebühren", None]}]}
