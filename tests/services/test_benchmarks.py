"""A portfolio beside an instrument."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import MONDAY, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.risk import Regression
from tickfolio.domain.performance.spans import SpanName
from tickfolio.errors import InvalidValue
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.benchmarks import BenchmarkFigures
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.performance import Asked, Performance, performance_of
from tickfolio.services.portfolios import portfolio_update

pytestmark = pytest.mark.django_db
D = Decimal
THURSDAY = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Dollars; AAPL closed at 530.12 on Thursday and at 530.38 on Friday; it is Monday, at 510.00."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    return mine


def of(mine: Book, name: SpanName = SpanName.ALL, against: str = "AAPL") -> Performance:
    asked = Asked(name=name, against=against)
    found = performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
    assert found is not None
    return found


def benchmark_of(mine: Book, name: SpanName = SpanName.ALL, against: str = "AAPL") -> BenchmarkFigures:
    found = of(mine, name, against).benchmark
    assert found is not None
    return found


def test_a_benchmark_returns_from_the_close_before_to_now_and_takes_the_same_flows(mine: Book) -> None:
    add(mine, deposit(mine, "5301.20", at=OPEN - timedelta(days=3)))  # Friday before the opening: at Thursday's close
    add(mine, deposit(mine, "5303.80", at=OPEN - timedelta(days=2)))  # Saturday: at Friday's
    found = benchmark_of(mine)
    assert found.twr == pytest.approx(D("510.00") / D("530.12") - 1, abs=D("1e-25"))
    assert found.value == D("10200.00")  # ten units and ten units
    assert not isinstance(found.index, NotAvailable)
    assert [day.isoformat() for day, _ in found.index] == [f"2012-05-{day}" for day in (17, 18, 19, 20, 21)]
    assert found.index[1][1] == pytest.approx(D("530.38") / D("530.12"), abs=D("1e-25"))
    assert found.index[-1][0] == MONDAY


def test_on_the_first_day_of_a_portfolio_it_returns_from_the_close_before_to_now(mine: Book) -> None:
    add(mine, deposit(mine, "5303.80", at=OPEN - timedelta(hours=2)))
    found = benchmark_of(mine)
    assert found.twr == pytest.approx(D("510.00") / D("530.38") - 1, abs=D("1e-25"))
    assert found.value == D("5100.00")


def test_what_was_there_at_the_start_is_the_first_flow(mine: Book) -> None:
    add(mine, deposit(mine, "5303.80", at=THURSDAY))
    assert benchmark_of(mine, SpanName.DAY).value == D("5100.00")


def test_splits_and_dividends_of_the_past_are_in_it(mine: Book) -> None:
    """AAPL closed at 88.99 before its split of 2005 and at 44.86 after it, having closed at 64.40 at the end of 2004."""
    add(mine, deposit(mine, "1000.00", at=OPEN.replace(year=2005, month=1, day=1)))
    found = benchmark_of(mine)
    # It paid no dividend in these years.
    assert found.twr == pytest.approx(2 * D("510.00") / D("64.40") - 1, abs=D("1e-25"))


def test_one_that_is_the_portfolio_has_a_beta_of_one_and_no_alpha(mine: Book) -> None:
    add(mine, deposit(mine, "5301.20", at=OPEN - timedelta(days=120)))
    add(mine, purchase(mine, quantity="1", price="420.00", at=OPEN - timedelta(days=120)))
    found = of(mine, SpanName.MONTH_TO_DATE).risk.regression
    assert isinstance(found, NotAvailable)  # 14 sessions
    whole = of(mine).risk.regression
    assert isinstance(whole, Regression)
    assert 0 < whole.beta < 1
    assert whole.days > 70


@pytest.mark.parametrize("symbol", ["NOPE", "<script>"])
def test_what_has_no_history_is_refused_and_what_could_be_is_named(mine: Book, symbol: str) -> None:
    add(mine, deposit(mine, "5303.80", at=THURSDAY))
    with pytest.raises(InvalidValue, match="Expected a benchmark such as AAPL, IBM"):
        of(mine, against=symbol)


def test_one_without_a_price_at_the_start_says_so(mine: Book) -> None:
    add(mine, deposit(mine, "5303.80", at=OPEN.replace(year=1980)))
    found = benchmark_of(mine)
    assert isinstance(found.twr, NotAvailable)
    assert "no price by 1980" in found.twr.reason
    assert isinstance(of(mine).risk.regression, NotAvailable)
    assert {day.year for day in found.sessions} >= {2004, 2012}
    assert date(2012, 5, 18) in found.sessions
