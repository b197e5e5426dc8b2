"""Which figures can be explained, and of what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.domain.explain.checked import check
from tests.live.market import OPEN
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tests.services.test_explanations import mine as mine  # noqa: PLC0414
from tickfolio.domain.corporate_actions import Renaming
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.performance.spans import SpanName
from tickfolio.domain.valuation.attribution import Contribution, Grouping, grouped
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.open_gains import open_totals
from tickfolio.errors import InvalidValue
from tickfolio.services import performance
from tickfolio.services.as_of import AsOf
from tickfolio.services.attributions import attribution_of
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.explained_figures import FIGURES, OF_A_BENCHMARK, usual_depth
from tickfolio.services.explanations import Asked, explanation_of
from tickfolio.services.gains_reports import gains_now
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.portfolio_series import series_now
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db
D = Decimal


def of(mine: Book, figure: str, **params: str) -> Explained:
    asked = Asked(figure, {name.rstrip("_"): value for name, value in params.items()})
    tree = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked).tree
    check(tree)
    return tree


def test_a_finished_day_is_valued_by_its_closes(mine: Book) -> None:
    with shelf_of(actor=mine.owner, portfolio_id=mine.portfolio_id) as shelf:
        found = series_now(shelf, shelf.refresh(), recorded_market())
    assert found is not None
    for day in found.series.whole:
        assert of(mine, "value", as_of=day.day.isoformat()).value == day.value


def test_an_account_and_a_row_are_parts_of_the_whole(mine: Book) -> None:
    row = f"h:{mine.account_id}:AAPL"
    for figure in ("value", "cost", "unrealized", "day", "day-price", "day-currency"):
        assert of(mine, figure, account=mine.account_id).value == of(mine, figure).value
        assert isinstance(of(mine, figure, row=row).value, Decimal)
    for figure in ("twr", "gain", "flows", "mwr"):
        assert of(mine, figure, account=mine.account_id).value == of(mine, figure).value
        for part in ({"symbol": "AAPL"}, {"class": "equity"}, {"class": "equity", "currency": "USD"}):
            assert of(mine, figure, row=row).value == of(mine, figure, **part).value


def test_classes_and_currencies_are_parts_too(mine: Book) -> None:
    assert of(mine, "value", class_="equity").value == of(mine, "value", symbol="AAPL").value
    cash = of(mine, "value", class_="cash", currency="USD")
    assert (cash.name, cash.value) == ("Value of cash in USD", of(mine, "value", row=f"c:{mine.account_id}:USD").value)
    assert of(mine, "value", symbol="AAPL", account=mine.account_id).name == "Value of AAPL in Broker"
    assert of(mine, "contribution", class_="equity").value == of(mine, "contribution", symbol="AAPL").value


def test_what_all_contributed_is_the_return(mine: Book) -> None:
    returned, contributed = of(mine, "twr"), of(mine, "contribution", account=mine.account_id)
    assert isinstance(returned.value, Decimal)
    assert contributed.value == pytest.approx(float(returned.value))


def test_a_span_is_named_or_chosen(mine: Book) -> None:
    assert of(mine, "gain", span="all").value == of(mine, "gain", from_="2012-05-17", to="2012-05-21").value
    assert of(mine, "gain", from_="2012-05-18").value != of(mine, "gain").value
    assert of(mine, "gain", to="2012-05-18").value != of(mine, "gain").value
    assert of(mine, "twr", span="1d").name.endswith("2012-05-21")


def selected(key: str, by: Grouping, rows: tuple[Contribution, ...]) -> dict[str, str]:
    """How an address names a row of the attribution."""
    if by is Grouping.HOLDING and all(each.symbol is None for each in rows):
        return {"class_": "cash", "currency": key}
    return {{Grouping.HOLDING: "symbol", Grouping.CLASS: "class_"}.get(by, by.value): key}


def test_every_figure_of_a_finished_day_is_that_of_the_attribution(mine: Book) -> None:
    add(mine, sale(mine, quantity="3", price="531.00", at=OPEN - timedelta(days=3)))
    for day in ("2012-05-17", "2012-05-18", "2012-05-20"):
        page = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(date.fromisoformat(day)))
        assert page.change is not None
        assert of(mine, "day", as_of=day).value == page.change.gain == of(mine, "gain", from_=day, to=day).value
        for by in Grouping:
            for group in grouped(page.contributions, by):
                named = selected(group.key, by, group.contributions)
                assert of(mine, "day", as_of=day, **named).value == group.parts.total
                for part in PARTS:
                    assert of(mine, f"day-{part}", as_of=day, **named).value == getattr(group.parts, part)
        for each in page.contributions:
            assert of(mine, "day", as_of=day, row=each.key).value == each.parts.total
            assert of(mine, "day-start", as_of=day, row=each.key).value == each.opening
            assert of(mine, "day-moved", as_of=day, row=each.key).value == each.moved
            assert of(mine, "day-end", as_of=day, row=each.key).value == each.closing
            for part in PARTS:
                assert of(mine, f"day-{part}", as_of=day, row=each.key).value == getattr(each.parts, part)


def test_the_day_of_now_is_of_a_class_and_a_currency_too(mine: Book) -> None:
    page = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    for by in Grouping:
        for group in grouped(page.contributions, by):
            named = selected(group.key, by, group.contributions)
            assert of(mine, "day", **named).value == group.parts.total


def test_parts_and_percentages_are_those_of_the_pages(mine: Book) -> None:
    add(mine, sale(mine, quantity="3", price="531.00", at=OPEN - timedelta(days=3)))
    now = gains_now(actor=mine.owner, portfolio_id=mine.portfolio_id)
    realized, held = now.report.sums(list(now.report.rows(Wanted()))).total, open_totals(now.holdings, places=2)
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    row = f"h:{mine.account_id}:AAPL"
    for figure, shown in (
        ("realized-price", realized.price),
        ("realized-currency", realized.currency),
        ("unrealized-price", held.price),
        ("unrealized-currency", held.currency),
        ("cash-currency", now.report.year_sums(Wanted()).cash_currency),
    ):
        assert of(mine, figure).value == of(mine, figure, account=mine.account_id).value == shown, figure
    assert of(mine, "unrealized-price", row=row).value == held.price
    for figure, percent in (("day-percent", totals.day_percent), ("unrealized-percent", totals.unrealized_percent)):
        value = of(mine, figure).value
        assert isinstance(value, Decimal)
        assert value * 100 == percent
    assert of(mine, "unrealized-percent", row=row).value == of(mine, "unrealized-percent").value


def test_gains_are_of_a_year_an_account_and_a_symbol(mine: Book) -> None:
    assert of(mine, "realized", year="2012", account=mine.account_id, symbol="AAPL").name == (
        "Realized gain of AAPL, 2012"
    )
    assert of(mine, "fees", year="all").name == "Fees outside the cost, all years"


@pytest.mark.parametrize(
    ("figure", "params"),
    [
        ("nonsense", {}),
        ("value", {"as_of": "2031-01-01"}),
        ("value", {"row": "h:x:Y"}),
        ("twr", {"row": "h:x:Y"}),
        ("twr", {"span": "2y"}),
        ("day", {"as_of": "2012-05-10"}),
        ("day", {"as_of": "2012-05-18", "row": "h:x:Y"}),
        ("day", {"as_of": "2012-05-18", "account": "x"}),
        ("day-percent", {"as_of": "2012-05-18"}),
        ("day-start", {}),
        ("realized", {"year": "12"}),
        ("realized", {"lot": "x.1"}),
        ("contribution", {}),
        ("value", {"class": "shares"}),
        ("twr", {"class": "bond"}),
        ("gain", {"currency": "XYZ"}),
        ("realized", {"currency": "USD"}),
        ("beta", {"against": "NOPE"}),
        ("benchmark", {"against": "<script>"}),
        ("benchmark-value", {"account": "x"}),
    ],
)
def test_what_is_not_there_is_refused(mine: Book, figure: str, params: dict[str, str]) -> None:
    with pytest.raises(InvalidValue, match="Expected"):
        of(mine, figure, **params)


@pytest.mark.parametrize("span", ["1d", "1y", "all"])
@pytest.mark.parametrize("against", ["AAPL", "IBM"])
def test_beside_a_benchmark_a_part_is_what_the_page_shows(mine: Book, against: str, span: str) -> None:
    """IBM paid dividends all along."""
    add(mine, deposit(mine, "12000.00", at=OPEN.replace(year=2009)))
    add(mine, purchase(mine, quantity="4", price="120.00", at=OPEN.replace(year=2009, month=6, day=2)))
    scopes = {"": performance.Scope(), "symbol": performance.Scope(performance.PartBy.HOLDING, "AAPL")}
    for part, scope in scopes.items():
        asked = performance.Asked(name=SpanName(span), against=against, scope=scope)
        page = performance.performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
        assert page is not None
        assert page.benchmark is not None
        params = {"span": span, "against": against} | ({part: scope.key} if part else {})
        regression, beside = page.risk.regression, page.benchmark
        assert of(mine, "beta", **params).value == getattr(regression, "beta", regression)
        assert of(mine, "alpha", **params).value == getattr(regression, "alpha", regression)
        assert of(mine, "benchmark", **params).value == pytest.approx(beside.twr, abs=D("1e-40"))
        assert of(mine, "benchmark-value", **params).value == beside.value


def test_without_a_benchmark_there_is_nothing_beside_one(mine: Book) -> None:
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="")
    for figure in OF_A_BENCHMARK:
        with pytest.raises(InvalidValue, match="Expected a benchmark, as in against=AAPL, was none"):
            of(mine, figure)
        assert "AAPL" in of(mine, figure, against="aapl").name


def test_what_became_something_else_is_followed_no_further(mine: Book) -> None:
    actions_record(actions=[Renaming(Symbol("IBM"), OPEN.date(), Symbol("AAPL"))], source="operator", at=OPEN)
    with pytest.raises(InvalidValue, match="IBM became something else"):
        of(mine, "benchmark")


def test_a_portfolio_without_a_transaction_has_no_span() -> None:
    with pytest.raises(InvalidValue, match="a portfolio with a transaction"):
        of(book(person("carol")), "twr")


def test_a_span_is_shown_down_to_what_it_links() -> None:
    assert {figure: usual_depth(figure) for figure in FIGURES}["twr"] == 2
    assert usual_depth("value") == 3


@pytest.mark.parametrize("span", ["1d", "1w", "all"])
def test_figures_of_a_span_are_those_of_the_page_of_the_performance(mine: Book, span: str) -> None:
    add(mine, deposit(mine, "2000.00", at=OPEN - timedelta(days=90)))
    add(mine, purchase(mine, quantity="3", price="560.00", at=OPEN - timedelta(days=80)))
    asked = performance.Asked(name=SpanName(span), against="IBM")
    page = performance.performance_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
    assert page is not None
    figures, risk = page.figures, page.risk
    assert of(mine, "twr", span=span).value == figures.twr
    assert of(mine, "annual", span=span).value == figures.annual
    assert of(mine, "mwr", span=span).value == getattr(figures.mwr, "shown", figures.mwr)
    assert of(mine, "gain", span=span).value == figures.gain
    assert of(mine, "flows", span=span).value == figures.net_flow
    assert of(mine, "value").value == figures.closing
    assert of(mine, "drawdown", span=span).value == getattr(page.drawdown, "depth", page.drawdown)
    for figure, shown in (
        ("volatility", risk.volatility),
        ("downside", risk.downside_deviation),
        ("sharpe", risk.sharpe),
        ("sortino", risk.sortino),
        ("var", risk.value_at_risk),
        ("es", risk.expected_shortfall),
    ):
        assert of(mine, figure, span=span).value == shown, figure
    regression, beside = risk.regression, page.benchmark
    for figure in ("beta", "alpha"):
        assert of(mine, figure, span=span).value == getattr(regression, figure, regression), figure
    assert beside is not None
    assert of(mine, "benchmark", span=span).value == pytest.approx(beside.twr, abs=D("1e-40"))
    assert of(mine, "benchmark-value", span=span).value == beside.value
    for each in page.parts.parts:
        if each.key == "AAPL":
            assert of(mine, "contribution", symbol=each.key, span=span).value == pytest.approx(each.contribution)
