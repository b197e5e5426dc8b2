"""The project speaks only of itself, and says where the data came from that it copied."""

import re
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, project_files

# Written in pieces, or this file would find itself.
ELSEWHERE = re.compile(r"(?<![\w./~-])/(?:" + "work|root" + r")(?![\w-])|\.\./" + "shared" + r"\b")
COPIED = {".csv", ".gz", ".zip", ".parquet", ".xml", ".woff", ".woff2", ".ttf"}


def text_of(path: Path) -> str:
    """A file's text; a binary file's is empty."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in project_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if ELSEWHERE.search(line)
    ]
    assert found == []


def test_copied_data_stand_beside_their_notice() -> None:
    copied = [path for path in project_files() if path.suffix in COPIED and path.is_relative_to(PACKAGE)]
    without = [path for path in copied if not any(path.parent.glob("NOTICE*"))]
    assert [str(path.relative_to(ROOT)) for path in without] == []


def test_every_notice_says_where_and_under_what_terms() -> None:
    notices = [path for path in project_files() if path.name.startswith("NOTICE") and path.is_relative_to(PACKAGE)]
    terms = re.compile(r"public domain|licen[cs]e|attribution|reuse|generated", re.IGNORECASE)
    assert [str(path.relative_to(ROOT)) for path in notices if not terms.search(text_of(path))] == []
