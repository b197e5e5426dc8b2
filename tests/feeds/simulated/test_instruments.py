"""The invented instruments."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from tickfolio.domain.calendars import CONTINUOUS
from tickfolio.domain.instruments import Publication, Symbol
from tickfolio.feeds import simulated as folder
from tickfolio.feeds.simulated.instruments import INSTRUMENTS


def test_there_are_twenty_and_nobody_takes_one_for_real() -> None:
    assert len(INSTRUMENTS) == 20
    for symbol, simulated in INSTRUMENTS.items():
        assert symbol.startswith("SIM")
        assert simulated.instrument.name.startswith("Simulated ")
        assert not simulated.instrument.isin


def test_there_are_several_currencies_and_pence() -> None:
    instruments = [one.instrument for one in INSTRUMENTS.values()]
    assert len({instrument.currency.code for instrument in instruments}) == 6
    assert all((one.quote_unit == 100) is (one.currency.code == "GBP") for one in instruments)


def test_there_is_what_never_closes_and_what_is_priced_once_a_day() -> None:
    continuous = [symbol for symbol, one in INSTRUMENTS.items() if one.is_continuous]
    daily = [symbol for symbol, one in INSTRUMENTS.items() if one.instrument.publication is Publication.DAILY]
    assert continuous == ["SIMCOIN-USD", "SIMTOKEN-USD"]
    assert daily == ["SIMROWAN", "SIMSPRUCE"]
    assert INSTRUMENTS[Symbol("SIMCOIN-USD")].instrument.mic == CONTINUOUS


def test_a_line_of_the_table_is_read() -> None:
    dogwood = INSTRUMENTS[Symbol("SIMDOGWOOD")]
    assert (dogwood.base, dogwood.split, dogwood.dividend) == (Decimal("23.40"), (3, 2), Decimal("0.08"))
    assert INSTRUMENTS[Symbol("SIMIVY")].instrument.price_places == 0
    assert INSTRUMENTS[Symbol("SIMFIR")].split is None


def test_the_readme_names_each_once() -> None:
    told = Path(folder.__path__[0], "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\bSIM[A-Z]+(?:-USD)?\b", told.split("| where |")[1].split("\n\n")[0])) == sorted(
        INSTRUMENTS
    )
