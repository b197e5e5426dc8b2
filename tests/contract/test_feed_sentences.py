"""What the market says of itself is English on the wire; the pages know these sentences and say them in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickfolio.feeds.replay import feed
from tickfolio.runtime.remote_market import NOBODY

KNOWN = Path(__file__).parents[2] / "frontend" / "src" / "pages" / "feed_words.ts"


@pytest.mark.parametrize("sentence", [NOBODY, feed.DATA_END, feed.CLOSED_UNTIL.partition("{")[0]])
def test_the_pages_know_the_sentence(sentence: str) -> None:
    assert sentence in KNOWN.read_text(encoding="utf-8")
