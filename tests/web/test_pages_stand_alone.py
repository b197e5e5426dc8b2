"""What every template promises: no script and no style in the markup, no other host."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "src" / "tickfolio" / "web" / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
OTHER_HOSTS = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//(?!www\.tradingview\.com/)""")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_no_inline_script_or_style_and_loads_from_no_other_host(path: Path) -> None:
    markup = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", markup)
    assert not OTHER_HOSTS.search(markup)
    assert "|safe" not in markup
