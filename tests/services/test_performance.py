"""What a portfolio earned over a span."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.live.market import MONDAY, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.spans import SpanName
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.performance import Asked, PartBy, Performance, Scope, performance_of
from tickfolio.services.performance_parts import Mark
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import account_create, portfolio_update

pytestmark = pytest.mark.django_db
D = Decimal
THURSDAY = OPEN - timedelta(days=4)
DAY = date(2012, 5, 17)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """Dollars; 10 AAPL bought on Thursday, which closed at 530.12 then and at 530.38 on Friday; it is Monday, at 510.00."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, deposit(mine, "9000.00", at=THURSDAY))
    add(mine, purchase(mine, quantity="10", price="530.00", at=THURSDAY))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=LATER),), clock=ClockPosition(run=1, at=LATER)))
    return mine


def of(mine: Book, name: SpanName = SpanName.ALL, **more: object) -> Performance:
    found = performance_of(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        asked=Asked(name=name, **more),  # type: ignore[arg-type]
    )
    assert found is not None
    return found


def test_the_figures_of_all_time_by_hand(mine: Book) -> None:
    found = of(mine)
    figures = found.figures
    assert (figures.opening, figures.net_flow, figures.gain, figures.closing) == (D(0), D(9000), D(-200), D(8800))
    # 9000 grew to 9001.20, to 9003.80, and fell to 8800.
    assert figures.twr == pytest.approx(D(8800) / 9000 - 1, abs=D("1e-25"))
    assert (found.begun, found.today, found.span.days) == (DAY, MONDAY, 5)
    assert found.index[1][1] == pytest.approx(D("9001.20") / 9000, abs=D("1e-25"))
    assert found.values == (D(0), D("9001.20"), D("9003.80"), D("9003.80"), D("9003.80"), D("8800.00"))
    assert found.months == {(2012, 5): figures.twr}
    assert found.years == {2012: figures.twr}
    assert isinstance(found.risk.volatility, NotAvailable)
    assert found.risk.returns == 1  # from Thursday's close to Friday's: before it nothing was there


def test_what_it_ends_with_is_what_the_portfolio_shows(mine: Book) -> None:
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    today = of(mine, SpanName.DAY)
    assert today.figures.closing == totals.value
    assert today.figures.gain == D("-203.80")
    assert today.edge is not None
    moved = today.edge.factor * (totals.value + 10) / today.edge.invested - 1
    assert moved == pytest.approx((D("9003.80") - D("203.80") + 10) / D("9003.80") - 1)


def test_days_can_be_chosen(mine: Book) -> None:
    friday = DAY + timedelta(days=1)
    found = of(mine, first=friday, last=friday)
    assert (found.figures.opening, found.figures.gain, found.edge) == (D("9001.20"), D("2.60"), None)
    with pytest.raises(InvalidValue, match="ends by 2012-05-21"):
        of(mine, first=friday, last=MONDAY + timedelta(days=1))


def test_contributions_sum_to_the_return_by_whatever_they_are_put_together(mine: Book) -> None:
    add(mine, sale(mine, quantity="4", price="531.00", at=THURSDAY + timedelta(days=1)))
    for by in PartBy:
        found = of(mine, by=by)
        assert isinstance(found.figures.twr, D)
        assert sum(part.contribution for part in found.parts.parts) + found.parts.timing == pytest.approx(
            float(found.figures.twr)
        )
        assert sum((part.gain for part in found.parts.parts), D(0)) == found.figures.gain
    assert [part.key for part in of(mine).parts.parts] == ["USD cash", "AAPL"]
    assert [part.key for part in of(mine, by=PartBy.CLASS).parts.parts] == ["cash", "equity"]


def test_the_rows_of_now_sum_to_the_last_value_and_a_gain_of_one_moves_its_part_by_the_weight(mine: Book) -> None:
    found = of(mine)
    assert sum((row.value for row in found.rows), D(0)) == found.figures.closing
    assert {(row.key[:2], row.part) for row in found.rows} == {("h:", "AAPL"), ("c:", "USD cash")}
    at = LATER + timedelta(minutes=1)
    market_changes_record(changes=changes(quotes=(quote("511.00", at=at),), clock=ClockPosition(run=1, at=at)))
    later = of(mine)
    moved = {part.key: part.contribution for part in later.parts.parts}
    before = {part.key: part.contribution for part in found.parts.parts}
    assert moved["AAPL"] - before["AAPL"] == pytest.approx(10 * found.parts.weight)
    assert later.figures.mwr.shown - found.figures.mwr.shown == pytest.approx(10 * found.mwr_slope, rel=1e-2)  # type: ignore[union-attr]


def test_a_part_has_figures_of_its_own_and_its_trades_are_flows(mine: Book) -> None:
    found = of(mine, scope=Scope(PartBy.HOLDING, "AAPL"))
    assert (found.figures.net_flow, found.figures.gain, found.figures.closing) == (D(5300), D(-200), D(5100))
    assert found.figures.twr == pytest.approx(D(5100) / 5300 - 1, abs=D("1e-25"))
    cash = of(mine, scope=Scope(PartBy.CLASS, "cash"))
    assert (cash.figures.net_flow, cash.figures.gain) == (D(3700), D(0))
    assert of(mine, scope=Scope(PartBy.ACCOUNT, mine.account_id)).figures == of(mine).figures
    with pytest.raises(InvalidValue, match="one of the portfolio by holding, was 'IBM'"):
        of(mine, scope=Scope(PartBy.HOLDING, "IBM"))


def test_a_remembered_benchmark_that_has_no_history_any_more_is_left_out(mine: Book) -> None:
    assert of(mine, against="GONE", usual="GONE").benchmark is None
    remembered = of(mine, against="IBM", usual="IBM").benchmark
    assert remembered is not None
    with pytest.raises(InvalidValue, match="Expected a benchmark"):
        of(mine, against="GONE", usual="IBM")


def test_what_was_booked_is_marked_on_its_day(mine: Book) -> None:
    add(mine, sale(mine, quantity="1", price="531.00", at=THURSDAY + timedelta(hours=1)))
    add(mine, sale(mine, quantity="1", price="531.00", at=THURSDAY + timedelta(hours=2)))
    add(mine, deposit(mine, "1.00", at=LATER + timedelta(days=1)))  # not reached
    assert of(mine).marks == (Mark(DAY, "buy", 1), Mark(DAY, "deposit", 1), Mark(DAY, "sell", 2))
    assert of(mine, scope=Scope(PartBy.HOLDING, "AAPL")).marks == (Mark(DAY, "buy", 1), Mark(DAY, "sell", 2))
    assert of(mine, SpanName.DAY).marks == ()


def test_over_many_years_what_was_booked_in_a_stretch_stands_at_its_first_day(mine: Book) -> None:
    begun = OPEN.replace(year=2002, month=1, day=2)
    add(mine, deposit(mine, "1.00", at=begun))
    add(mine, deposit(mine, "1.00", at=begun + timedelta(days=1)))
    marks = of(mine).marks
    assert marks[0] == Mark(begun.date(), "deposit", 2)
    assert sum(mark.count for mark in marks) == 4
    assert all((mark.day - begun.date()).days % 5 == 0 for mark in marks)  # 3,793 days


def test_before_the_first_transaction_there_is_nothing(mine: Book) -> None:
    nothing = book(person("bob"))
    assert performance_of(actor=nothing.owner, portfolio_id=nothing.portfolio_id, asked=Asked()) is None
    with pytest.raises(NotFound):
        performance_of(actor=nothing.owner, portfolio_id=mine.portfolio_id, asked=Asked())


def test_an_account_that_nothing_was_booked_in_is_no_part(mine: Book) -> None:
    other = account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Other", currency="USD")
    assert of(mine).scopes[PartBy.ACCOUNT] == (mine.account_id,)
    with pytest.raises(InvalidValue, match="by account"):
        of(mine, scope=Scope(PartBy.ACCOUNT, other.id))
