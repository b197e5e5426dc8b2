"""What is said to people, in the language of whoever is looking.

The English sentence is the key: `phrase("Expected {wanted}, was {found}.", wanted=…, found=…)`. Every layer may say
something, so this knows no framework; the one that answers requests tells it how to translate. Values are put in after the
translation, as text that already is as the reader writes it.

The twin in TypeScript is frontend/src/lib/words.ts. The sentences and their translations are in frontend/src/words; what is
not translated is said in English.
"""

from __future__ import annotations

from collections.abc import Callable

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


def marked_phrase(sentence: str) -> str:
    """Marks a sentence for translation where it is declared; `phrase` says it where it is shown."""
    return sentence


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
