"""The sentences that are said to people, and their translations: `tools/messages.py [--check]`.

Without an argument it brings frontend/src/words/*.po up to date: sentences that are new are added without a translation,
those that nobody says any more are taken out. With --check it changes nothing and lists what is missing, so that a language
is whole or the check fails.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a script, its neighbours are not on the path

from tickfolio.runtime.countries import countries  # noqa: E402  # needs the path

CATALOGUES = ROOT / "frontend" / "src" / "words"
type Keywords = dict[str, tuple[int | tuple[int, str], ...] | None]
type Said = tuple[Path, str | tuple[str, ...], str | None]

HEADER = "# The sentences of Tickfolio. Made by tools/messages.py, which keeps the translations.\n"
PYTHON_WORDS: Keywords = {
    "phrase": None,
    "marked_phrase": None,
    "counted_phrase": (1, 2),
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
"""What says a sentence in Python; the last three are what Django makes of the tags in templates."""
SCRIPT_WORDS: Keywords = {"phrase": None, "phraseFor": ((1, "c"), 2), "countedPhrase": (1, 2)}
MADE_UP_HEADERS = re.compile(
    rb'#, fuzzy\n(?=msgid ""\n)|"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|'
    rb"Project-Id-Version|Last-Translator|Language-Team): .*\n"
)
"""What changes from day to day, and what names nobody."""
NAMES = re.compile(r"%\((\w+)\)s")


def main(arguments: list[str]) -> int:
    """Brings the catalogues up to date, or checks them. Returns the exit status."""
    said = said_sentences()
    problems: list[str] = []
    for path in sorted(module.with_suffix(".po") for module in CATALOGUES.glob("*.ts")):
        before = path.read_bytes() if path.is_file() else b""
        catalogue = read_po(BytesIO(before), locale=path.stem)
        catalogue.update(said, no_fuzzy_matching=True, keep_user_comments=False)
        catalogue.obsolete.clear()
        after = written(catalogue)
        if "--check" not in arguments:
            path.write_bytes(after)
        elif after != before:
            problems.append(f"{path.name} is behind what is said: run tools/messages.py.")
        problems += [f"{path.name}: {problem}" for problem in faults(catalogue)]
    print("\n".join(problems))
    return 1 if problems and "--check" in arguments else 0


def said_sentences() -> Catalog:
    """Everything that is said, with the files that say it."""
    said = Catalog(charset="utf-8")
    for path, sentence, context in _extracted():
        said.add(sentence, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    for name in countries().values():
        said.add(name, locations=[("src/tickfolio/runtime/countries/names.csv", 0)])
    return said


def written(catalogue: Catalog) -> bytes:
    """The catalogue's file; the same sentences always give the same bytes."""
    out = BytesIO()
    catalogue.header_comment = HEADER.rstrip()
    write_po(out, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return MADE_UP_HEADERS.sub(b"", out.getvalue())


def faults(catalogue: Catalog) -> Iterator[str]:
    """What is not translated, and translations that name other values than the sentence."""
    for message in catalogue:
        if not message.id:
            continue
        sentences, told = _parts(message.id), _parts(message.string)
        if not all(told):
            yield f"not translated: {sentences[0]!r}"
        elif any(_values(each) - _values(sentences[-1]) for each in told) or _values(told[-1]) != _values(
            sentences[-1]
        ):
            yield f"other values than in the sentence: {sentences[0]!r}"


def _parts(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _values(sentence: str) -> set[str]:
    """The values that are put into a sentence. A sentence with other braces has none."""
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    except ValueError:
        named = set()
    return named | set(NAMES.findall(sentence))


def _extracted() -> Iterator[Said]:
    """Each sentence with its file and what tells it from others of its words: of Python, of templates, of the pages' scripts."""
    import django
    from django.utils.translation.template import templatize

    django.setup()
    for path in sorted((ROOT / "src" / "tickfolio").rglob("*.py")):
        yield from _found(path, path.read_bytes(), "python", PYTHON_WORDS)
    for path in sorted((ROOT / "src" / "tickfolio" / "web" / "templates").rglob("*.[ht][tx]*")):
        as_python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _found(path, as_python.encode(), "python", PYTHON_WORDS)
    for path in sorted((ROOT / "frontend" / "src").rglob("*.ts")):
        yield from _found(path, path.read_bytes(), "javascript", SCRIPT_WORDS)


def _found(path: Path, source: bytes, method: str, keywords: Keywords) -> Iterator[Said]:
    for _, sentence, _, context in extract(method, BytesIO(source), keywords=keywords, options={"encoding": "utf-8"}):
        yield path, sentence, context


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
    os.environ.setdefault("TICKFOLIO_MODE", "test")
    sys.exit(main(sys.argv[1:]))
