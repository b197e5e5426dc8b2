"""What the reference leaves out fails the build."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, links, pages
from tickfolio import errors
from tickfolio.__main__ import run_options

REFERENCE = ROOT / "docs" / "reference"
VARIABLE = re.compile(r'"(TICKFOLIO_[A-Z_]+|DATABASE_URL|REDIS_URL)"')


def text(name: str) -> str:
    """A page of the reference."""
    return (REFERENCE / name).read_text(encoding="utf-8")


def settings_source() -> str:
    """The source of the settings."""
    return (ROOT / "src/tickfolio/config/settings.py").read_text(encoding="utf-8")


def test_every_variable_that_the_settings_read_is_documented() -> None:
    read = set(VARIABLE.findall(settings_source()))
    assert {name for name in read if f"`{name}`" not in text("configuration.md")} == set()


def test_no_variable_is_documented_that_nothing_reads() -> None:
    documented = set(re.findall(r"^\| `(TICKFOLIO_\w+|\w+_URL)` \|", text("configuration.md"), re.MULTILINE))
    assert documented - set(VARIABLE.findall(settings_source())) == set()


def test_every_option_of_run_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_options(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert {option for option in options if f"`{option}" not in text("configuration.md")} == set()


def test_every_error_code_is_documented() -> None:
    codes = {error.code for error in errors_below(errors.TickfolioError) if "code" in vars(error)}
    assert {code for code in codes if f"`{code}`" not in text("errors.md")} == set()


def errors_below(root: type[errors.TickfolioError]) -> Iterator[type[errors.TickfolioError]]:
    """The kinds of an error; the root itself is never raised."""
    for kind in root.__subclasses__():
        yield kind
        yield from errors_below(kind)


def test_every_page_can_be_reached_from_the_start_page() -> None:
    start = ROOT / "docs" / "README.md"
    reached, waiting = {start}, [start]
    while waiting:
        page = waiting.pop()
        found = {file for file in linked_pages(page) if file not in reached}
        reached |= found
        waiting += found
    assert [
        str(page.relative_to(ROOT)) for page in pages() if page.is_relative_to(ROOT / "docs") and page not in reached
    ] == []


def linked_pages(page: Path) -> Iterator[Path]:
    """The pages that a page links to; a link to a folder reaches its pages."""
    for target in links(page):
        path = (page.parent / target.partition("#")[0]).resolve()
        if path.is_dir():
            yield from path.glob("*.md")
        elif path.suffix == ".md" and path.exists():
            yield path
