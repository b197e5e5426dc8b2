"""What formats share."""

from __future__ import annotations

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.statements.rows import Reading, shortened


def test_a_reading_states_only_what_there_is() -> None:
    with pytest.raises(InvalidValue, match="as separator, was ':'"):
        Reading(separator=":")
    with pytest.raises(InvalidValue, match="as decimal mark, was ';'"):
        Reading(decimal_mark=";")


def test_a_shortened_text_has_one_line_and_its_limit() -> None:
    assert shortened("a\n b\tc", limit=5) == "a b c"
    assert shortened("x" * 100, limit=10) == "x" * 9 + "…"
