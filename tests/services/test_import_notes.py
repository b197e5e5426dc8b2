"""What a preview says of instruments, once for each."""

from dataclasses import replace
from decimal import Decimal

from pytest_django import Settings

from tests.services.test_import_fates import BUY, GROUND, fates, judged
from tickfolio.domain.instruments import Symbol
from tickfolio.services.import_ground import Fate
from tickfolio.statements.rows import InstrumentFacts

OPTION = InstrumentFacts(contract_size=Decimal(100), instrument_class="option")


def test_a_new_instrument_is_told_of_once_however_many_rows_it_has() -> None:
    shed = replace(BUY, symbol="SHED")
    told = judged(shed, replace(shed, quantity=Decimal(3)))
    assert told.notes == ("No feed offers SHED: it is kept in this portfolio, without a price.",)
    assert [verdict.reason for verdict in told.verdicts.values()] == ["", ""]
    assert judged(shed, replace(BUY, symbol="BARN")).notes == (
        "No feed offers SHED, BARN: they are kept in this portfolio, without a price.",
    )
    assert judged(BUY).notes == ()


def test_of_many_that_were_not_asked_for_the_first_are_named() -> None:
    names = frozenset(Symbol(f"AA{number:03}") for number in range(1, 15))
    ground = replace(GROUND, unheard=names, unasked=names)
    (note,) = judged(*(replace(BUY, symbol=name) for name in sorted(names)), ground=ground).notes
    assert note.startswith("14 symbols have not been asked for yet: AA001, ")
    assert "AA011 and 3 others. Booked now, they are kept" in note


def test_how_trades_of_a_new_instrument_are_counted_is_told() -> None:
    ground = replace(GROUND, facts={"OPT": OPTION, "VOD": InstrumentFacts(quote_unit=Decimal(100))})
    told = judged(replace(BUY, symbol="OPT"), replace(BUY, symbol="VOD"), ground=ground)
    assert told.notes[1:] == (
        "A trade of OPT comes to quantity × price × 100.",
        "A trade of VOD comes to quantity × price ÷ 100.",
    )


def test_the_class_of_what_is_known_stays_and_is_told() -> None:
    ground = replace(GROUND, facts={"AAPL": InstrumentFacts(instrument_class="fund")})
    told = judged(BUY, ground=ground)
    assert (fates(told), told.notes) == ([Fate.NEW], ("AAPL stays equity here; the file says fund.",))
    assert judged(replace(BUY, quantity=None), ground=ground).notes == ()


def test_what_the_shipped_list_knows_is_no_private_instrument(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert judged(replace(BUY, symbol="VOD")).notes == ()
