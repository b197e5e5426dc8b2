"""Of the catalogues: what is said in the pages' scripts is found, since it would stay English else; and it is said once."""

from __future__ import annotations

import re
from io import BytesIO

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tools.messages import ROOT, SCRIPT_WORDS

GERMAN = ROOT / "frontend" / "src" / "words" / "de.po"
SENTENCE = re.compile(r"[^.!?]{12,}[.!?]")
SAYS = re.compile(r"\b(?:phrase|phraseFor|countedPhrase)\(\s*\"")


def test_every_sentence_of_the_scripts_is_extracted() -> None:
    """Inside of a template literal, or within the values of another sentence, the extractor sees none."""
    overlooked = {}
    for path in sorted((ROOT / "frontend" / "src").rglob("*.ts")):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = extract("javascript", BytesIO(source.encode()), keywords=SCRIPT_WORDS, options={"encoding": "utf-8"})
        said, extracted = len(SAYS.findall(source)), len(list(found))
        if said != extracted:
            overlooked[path.name] = (said, extracted)
    assert overlooked == {}


def test_no_translation_says_a_sentence_twice() -> None:
    with GERMAN.open("rb") as file:
        messages = list(read_po(file))
    repeated = []
    for message in messages:
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for form in forms:
            said = [each.strip() for each in SENTENCE.findall(str(form))]
            if len(said) != len(set(said)):
                repeated.append(message.id)
    assert len(messages) > 1000
    assert repeated == []
