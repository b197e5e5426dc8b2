from __future__ import annotations

import msgspec
import pytest

from tests.live.portfolios import MINE
from tickfolio.live.wire.vocabulary import Scope, portfolio_currency, portfolio_id


def test_a_portfolio_may_have_a_currency_behind_its_id() -> None:
    assert (portfolio_id(MINE), portfolio_currency(MINE)) == (MINE, "")
    assert (portfolio_id(f"{MINE}@EUR"), portfolio_currency(f"{MINE}@EUR")) == (MINE, "EUR")
    # A scope is told apart likewise.
    assert portfolio_id(f"portfolio:{MINE}@EUR") == f"portfolio:{MINE}"


@pytest.mark.parametrize("tail", ["@", "@eur", "@EURO", "@EU", "@EUR@USD", "EUR"])
def test_nothing_else_stands_behind_it(tail: str) -> None:
    assert msgspec.convert(f"portfolio:{MINE}@EUR", Scope)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(f"portfolio:{MINE}{tail}", Scope)
