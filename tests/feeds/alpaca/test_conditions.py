"""Which trades make a last price."""

from __future__ import annotations

import pytest

from tickfolio.feeds.alpaca.conditions import sets_last_price


@pytest.mark.parametrize("codes", [[], ["@"], ["@", "F"], [" ", "O"], ["6"], ["X"], ["@", "5"], ["9"]])
def test_regular_trades_make_a_last_price(codes: list[str]) -> None:
    assert sets_last_price(codes, tape="A")
    assert sets_last_price(codes, tape="C")


@pytest.mark.parametrize("code", list("CNRH4P7VIMQTUGLZ23W"))
def test_odd_lots_averages_late_reports_and_extended_hours_make_none(code: str) -> None:
    for tape in "ABC":
        assert not sets_last_price(["@", code], tape=tape)


def test_b_is_an_average_on_two_tapes_and_a_bunched_trade_on_the_third() -> None:
    assert not sets_last_price(["B"], tape="A")
    assert not sets_last_price(["B"], tape="B")
    assert sets_last_price(["B"], tape="C")
