from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.changes import changes, quote
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tests.web.visits import set_market_clock
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.services.day_ranges import DayRange
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolios_of
from tickfolio.services.valuations import recorded_market
from tickfolio.services.watchlists import WatchlistView
from tickfolio.web.watchlist_texts import Around, HeldIn, held_in, watch_text, watched_texts

pytestmark = pytest.mark.django_db
VOD = Symbol("VOD.L")


def listed(*symbols: Symbol) -> WatchlistView:
    return WatchlistView("one", "Long shots", 1, symbols)


def test_a_row_has_the_price_its_change_the_range_and_who_holds_it() -> None:
    instruments_register(instruments=[instrument(AAPL)])
    market_changes_record(changes=changes(quotes=(quote("501.50"),)))
    set_market_clock()
    holders = (HeldIn("p", "Long term"),)
    ranges = {AAPL: DayRange(Decimal("499.50"), Decimal(502))}
    around = Around(recorded_market(), ranges, {AAPL: holders}, ZoneInfo("UTC"))
    (row,) = watched_texts(listed(AAPL), around)
    assert (row.symbol, row.name, row.venue, row.address) == ("AAPL", "AAPL Inc.", "NYSE", "/instruments/AAPL/")
    assert (row.price, row.unit, row.change) == ("501.50", "USD", "+1.50")
    assert (row.percent.text, row.percent.direction) == ("+0.30 %", "up")
    assert (row.low, row.high, row.held) == ("499.50", "502.00", holders)
    assert row.mark.quality != "unpriced"


def test_what_is_not_known_is_a_dash_and_pence_are_told() -> None:
    pence = Instrument(VOD, "Vodafone", "XLON", Currency("GBP"), quote_unit=Decimal(100))
    instruments_register(instruments=[pence])
    (row,) = watched_texts(listed(VOD, IBM), Around(recorded_market(), {}, {}, ZoneInfo("UTC")))
    assert (row.price, row.change, row.percent.text, row.low, row.high) == ("—", "—", "—", "—", "—")
    assert (row.unit, row.mark.quality, row.held) == ("GBp", "unpriced", ())


def test_what_is_held_names_the_portfolio_and_what_only_a_portfolio_knows_is_not_meant() -> None:
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine, symbol=IBM, quantity="1"))
    add(mine, purchase(mine, symbol=Symbol("HOUSE"), quantity="1", currency="USD", creates_instrument=True))
    set_market_clock()
    (portfolio,) = portfolios_of(actor=mine.owner)
    valuation = valuation_of(actor=mine.owner, portfolio_id=portfolio.id).valuation
    assert held_in([(portfolio, valuation)]) == {IBM: (HeldIn(portfolio.id, "Long term"),)}


def test_the_button_knows_on_which_lists_a_symbol_is() -> None:
    text = watch_text("AAPL", [listed(AAPL), listed(IBM)], back="/stocks/")
    assert [each.has_it for each in text.lists] == [True, False]
    assert text.is_watched
    assert not watch_text("MSFT", [listed(AAPL)], back="/stocks/").is_watched
