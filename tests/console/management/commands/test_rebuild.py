"""`tickfolio rebuild` as an operator uses it."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command

from tests.services.derived_story import damage, tell
from tickfolio.console.names import portfolio_named
from tickfolio.services.derived_tables import derived_text

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = io.StringIO()
    call_command("rebuild", *words, stdout=out)
    return out.getvalue()


def test_all_portfolios_come_back_as_they_were() -> None:
    told = tell()
    before = [derived_text(each) for each in told]
    lines = said().splitlines()
    assert [derived_text(each) for each in told] == before
    assert re.fullmatch(
        rf"{told[0]}: \d+ transactions, \d+ days; the same as before \(sha256 [0-9a-f]{{16}}\)", lines[0]
    )
    assert lines[-1] == "Rebuilt 2 portfolios; none had something else stored before."


def test_one_alone_says_that_something_was_wrong() -> None:
    mine, _ = tell()
    damage(mine)
    lines = said(mine).splitlines()
    assert "not what was stored before" in lines[0]
    assert lines[-1] == "Rebuilt 1 portfolio; 1 had something else stored before."


def test_a_portfolio_may_be_given_by_its_name() -> None:
    for each in tell():
        assert said(portfolio_named(each).name) == said(each)


def test_a_portfolio_that_is_not_there_is_refused() -> None:
    for named in ("00000000-0000-4000-8000-000000000000", "nope"):
        with pytest.raises(CommandError, match=f"Expected the id or the name of a portfolio, was '{named}'"):
            said(named)
