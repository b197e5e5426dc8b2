import pytest
from pytest_django import Settings

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tickfolio.persistence.tenancy import Person
from tickfolio.services.market_records import instruments_register
from tickfolio.services.stock_search import stock_search
from tickfolio.services.watchlists import entry_add

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered() -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])


def found(text: str, actor: Person | None = None, **more: int) -> list[str]:
    return [each.symbol for each in stock_search(text, actor=actor, **more)]


def test_a_replay_finds_what_it_has_by_symbol_and_name() -> None:
    assert found("aa") == ["AAPL"]
    assert found("ibm inc") == ["IBM"]
    assert found("inc", limit=1) == ["AAPL"]
    assert (found("vodafone"), found("  ")) == ([], [])


def test_of_a_live_market_everybody_finds_the_shipped_list(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert found("vod.l")[0] == "VOD.L"
    assert "VOD.L" in found("vodafone")
    assert found("us0378331005")[0] == "AAPL"


def test_what_is_known_here_is_found_by_those_whose_it_is(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, ("yahoo",)
    instruments_register(instruments=[instrument(symbol) for symbol in ("ZZHELD", "ZZSEEN")])  # type: ignore[arg-type]  # symbols as text
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine, symbol="ZZHELD", quantity="1"))
    entry_add(actor=mine.owner, symbol="ZZSEEN")
    assert found("zzh", mine.owner) + found("zzs", mine.owner) == ["ZZHELD", "ZZSEEN"]
    assert (found("zzh"), found("zzs", person("bob"))) == ([], [])
