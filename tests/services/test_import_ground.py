"""The symbols and new instruments of a file."""

from dataclasses import replace
from decimal import Decimal

from pytest_django import Settings

from tests.services.test_import_fates import BUY, GROUND
from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.import_ground import ReadRow, new_instruments, symbol_spelt
from tickfolio.statements.rows import InstrumentFacts

SPIN_OFF = replace(
    BUY,
    type=TransactionType.SPIN_OFF,
    quantity=None,
    price=None,
    currency="",
    new_symbol="NEWCO",
    split_new=1,
    split_old=4,
    cost_share=Decimal("0.1"),
)


def test_what_is_spun_off_is_in_the_currency_of_its_parent_or_in_the_one_that_is_stated() -> None:
    made = new_instruments([ReadRow(1, SPIN_OFF)], GROUND)
    assert made[Symbol("NEWCO")].currency.code == "USD"
    stated = replace(GROUND, facts={"NEWCO": InstrumentFacts("New Company", "GBP")})
    made = new_instruments([ReadRow(1, SPIN_OFF)], stated)
    assert (made[Symbol("NEWCO")].name, made[Symbol("NEWCO")].currency.code) == ("New Company", "GBP")


def test_a_chain_of_new_symbols_keeps_the_currency() -> None:
    renamed = replace(SPIN_OFF, type=TransactionType.SYMBOL_CHANGE, symbol="NEWCO", new_symbol="NEWCO.N")
    made = new_instruments([ReadRow(1, SPIN_OFF), ReadRow(2, renamed)], GROUND)
    assert made[Symbol("NEWCO.N")].currency.code == "USD"


def test_a_text_that_is_no_symbol_has_the_one_that_was_chosen() -> None:
    assert symbol_spelt("no symbol", GROUND) is None
    assert symbol_spelt("no symbol", replace(GROUND, symbols={"no symbol": "IBM"})) == "IBM"


def test_a_live_instance_takes_what_the_shipped_list_has_in_the_currency_of_the_file(settings: Settings) -> None:
    vodafone, price = replace(BUY, symbol="VOD"), replace(BUY, symbol="VOD.L", currency="GBP")
    rows = [ReadRow(1, vodafone), ReadRow(2, price), ReadRow(3, replace(BUY, symbol="NESN.SW"))]
    assert {each.mic for each in new_instruments(rows, GROUND).values()} == {PRIVATE_MIC}
    settings.TICKFOLIO_IS_REPLAY = False
    made = new_instruments(rows, GROUND)
    # London's price may be in pounds unless the file says that it is in pence, and Nestlé is not quoted in dollars.
    assert {symbol: each.mic for symbol, each in made.items()} == {
        "VOD": "XNAS",
        "VOD.L": PRIVATE_MIC,
        "NESN.SW": PRIVATE_MIC,
    }
    in_pence = replace(GROUND, facts={"VOD.L": InstrumentFacts(quote_unit=Decimal(100))})
    assert new_instruments(rows, in_pence)[Symbol("VOD.L")].mic == "XLON"
