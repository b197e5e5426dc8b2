"""What is said to people, in the language of whoever is looking.

The English sentence is the key: `phrase("Expected {wanted}, was {found}.", wanted=…, found=…)`. Every layer may say
something, so this knows no framework; the one that answers requests tells it how to translate. Values are put in after the
translation, as text that already is as the reader writes it.

The twin in TypeScript is frontend/src/lib/words.ts. The sentences and their translations are in frontend/src/words; what is
not translated is said in English.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

type Translate = Callable[[str], str]
type TranslateCounted = Callable[[str, str, int], str]


def phrase(sentence: str, /, **values: object) -> str:
    """A sentence in the reader's language, with its values in place of the names in braces.

    Without values nothing is put in, so braces may stand in it.

    >>> phrase("Expected {wanted}, was {found}.", wanted="a price", found=-1)
    'Expected a price, was -1.'
    """
    told = _speaker.translate(sentence)
    return told.format(**values) if values else told


def counted_phrase(one: str, many: str, count: int, /, **values: object) -> str:
    """The sentence for a number of things, which it may name as `{count}`.

    >>> counted_phrase("{count} row", "{count} rows", 2)
    '2 rows'
    """
    return _speaker.counted(one, many, count).format(**{"count": count, **values})


def marked_phrase(sentence: str, /, **values: object) -> str:
    """A sentence for whoever reads it later: a constant, or what is kept and shown to several people.

    It is the English text, by which it is compared, kept and sent; where it is written into a page or into another text it
    is in the language of whoever is asking then. `str.join` and JSON take the English text: give them `str(…)` of it.

    >>> f"{marked_phrase('bought for {price}', price=7)}"
    'bought for 7'
    """
    return _Marked(sentence, values)


class _Marked(str):
    """An English text that is translated as it is written out."""

    __slots__ = ("_sentence", "_values")

    _sentence: str
    _values: Mapping[str, object]

    def __new__(cls, sentence: str, values: Mapping[str, object] | None = None) -> _Marked:
        english = {
            name: str.__str__(value) if isinstance(value, _Marked) else value for name, value in (values or {}).items()
        }
        marked = super().__new__(cls, sentence.format(**english) if values else sentence)
        marked._sentence, marked._values = sentence, values or {}
        return marked

    def __str__(self) -> str:
        return phrase(self._sentence, **self._values)

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def __html__(self) -> str:
        """What a template writes, which asks for this first."""
        return html.escape(str(self))

    def __reduce__(self) -> tuple[type[_Marked], tuple[str, Mapping[str, object]]]:
        return _Marked, (self._sentence, self._values)


def said(value: object) -> Any:  # noqa: ANN401  # whatever it is, through and through
    """`value` with every marked sentence in it as the reader's text, for JSON."""
    # Charts have tens of thousands of these, and none is a sentence.
    if type(value) in _PLAIN:
        return value
    match value:
        case str():
            return str(value)
        case Mapping():
            return {said(key): said(each) for key, each in value.items()}
        case list() | tuple():
            return [said(each) for each in value]
        case _:
            return value


_PLAIN = frozenset((str, int, float, bool, type(None)))


def speak_by(translate: Translate, counted: TranslateCounted) -> None:
    """From here on sentences are translated so."""
    _speaker.translate, _speaker.counted = translate, counted


class _Speaker:
    """English, until somebody says otherwise."""

    translate: Translate
    counted: TranslateCounted

    def __init__(self) -> None:
        self.translate = lambda sentence: sentence
        self.counted = lambda one, many, count: one if count == 1 else many


_speaker = _Speaker()
