"""What is said in no language but English until somebody says how; the tests of pages say it in others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import gettext, ngettext

from tickfolio.words import counted_phrase, marked_phrase, phrase, speak_by

LATER = marked_phrase("Since {time}")


@pytest.fixture
def reversed_words() -> Iterator[None]:
    """A language that is English backwards."""
    speak_by(lambda sentence: sentence.swapcase(), lambda one, many, count: (one if count == 1 else many).swapcase())
    yield
    speak_by(gettext, ngettext)


def test_values_are_put_in_after_the_translation(reversed_words: None) -> None:
    assert phrase("now") == "NOW"
    speak_by(lambda sentence: {"Since {time}": "Seit {time}"}[sentence], ngettext)
    assert phrase(LATER, time="{later}") == "Seit {later}"


def test_braces_of_a_sentence_without_values_stay() -> None:
    assert phrase("a {brace} and }another{") == "a {brace} and }another{"


@pytest.mark.parametrize(("count", "told"), [(0, "0 rows of x"), (1, "1 row of x"), (2, "2 rows of x")])
def test_a_count_chooses_the_sentence(count: int, told: str) -> None:
    assert counted_phrase("{count} row of {file}", "{count} rows of {file}", count, file="x") == told
