"""What is said in the pages' scripts is found: a sentence that the extractor overlooks would stay English."""

from __future__ import annotations

import re
from io import BytesIO

from babel.messages.extract import extract

from tools.messages import ROOT, SCRIPT_WORDS

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
