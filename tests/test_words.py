"""What is said in no language but English until somebody says how; the tests of pages say it in others."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.template import Context, Template
from django.utils.translation import gettext, ngettext

from tickfolio.words import counted_phrase, marked_phrase, phrase, speak_by

LATER = marked_phrase("Since {time}")


@contextmanager
def spoken(sentences: Mapping[str, str]) -> Iterator[None]:
    """A language of these sentences."""
    speak_by(lambda sentence: sentences.get(sentence, sentence), ngettext)
    try:
        yield
    finally:
        speak_by(gettext, ngettext)


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


def test_a_marked_sentence_is_english_as_it_is_kept_and_translated_as_it_is_written() -> None:
    inner = marked_phrase("a share")
    kept = marked_phrase("Expected {what}, was {found}.", what=inner, found=2)
    with spoken({"a share": "eine Aktie", "Expected {what}, was {found}.": "Erwartet: {what}; gefunden: {found}."}):
        assert f"{kept}" == str(kept) == "Erwartet: eine Aktie; gefunden: 2."
        assert Template("{{ kept }}").render(Context({"kept": kept})) == "Erwartet: eine Aktie; gefunden: 2."
        assert kept == "Expected a share, was 2."
        assert marked_phrase("Expected {what}, was {found}.", what=inner, found=2) == kept
    assert pickle.loads(pickle.dumps(kept)) == kept == str(kept)  # noqa: S301  # our own


NO_SENTENCE_YET = """
import importlib, pkgutil
import django
django.setup()
import tickfolio
from tickfolio import words
said = []
words.speak_by(lambda sentence: said.append(sentence) or sentence, lambda one, many, count: said.append(one) or one)
for module in pkgutil.walk_packages(tickfolio.__path__, "tickfolio."):
    if not module.name.endswith((".asgi", "__main__")):
        importlib.import_module(module.name)
print(said)
"""


def test_nothing_is_said_while_modules_are_imported() -> None:
    """What is said then stays in whatever language happens to be spoken, for everybody."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tickfolio.config.settings"}
    command = [sys.executable, "-c", NO_SENTENCE_YET]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
