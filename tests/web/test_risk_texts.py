from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.risk import Drawdown, Regression, RiskFigures
from tickfolio.web.notation import GERMAN, written_as
from tickfolio.web.risk_texts import DrawdownText, drawdown_text, risk_texts

FALL = Drawdown(Decimal("-0.11423"), date(2012, 4, 9), date(2012, 5, 18), None)
FEW = NotAvailable("it needs 20 returns, and there are 3")
RISK = RiskFigures(
    returns=251,
    volatility=0.24,
    downside_deviation=0.152,
    sharpe=2.005,
    sortino=-0.5,
    value_at_risk=0.0249,
    expected_shortfall=0.0311,
    regression=None,
)
NONE = RiskFigures(3, FEW, FEW, FEW, FEW, FEW, FEW, None)


def shown(risk: RiskFigures = RISK) -> dict[str, str]:
    return {row.name: row.text for row in risk_texts(risk, FALL).rows}


def test_each_figure_has_its_unit_and_no_plus() -> None:
    assert shown() == {
        "Volatility, a year": "24.00 %",
        "Sharpe, rate 0 %": "2.00",
        "Downside deviation, a year": "15.20 %",
        "Sortino, rate 0 %": "−0.50",
        "Worst drawdown": "−11.42 %",
        "Value at risk 95 %, a day": "2.49 %",
        "Expected shortfall, a day": "3.11 %",
    }
    assert risk_texts(RISK, FALL).missing == ()


def test_beside_a_benchmark_there_are_beta_and_alpha() -> None:
    beside = shown(replace(RISK, regression=Regression(beta=0.58, alpha=0.3134, days=251)))
    assert (beside["Beta"], beside["Alpha, a year"]) == ("0.58", "31.34 %")


def test_why_figures_are_not_there_is_said_once_for_all_of_them() -> None:
    text = risk_texts(replace(NONE, regression=NotAvailable("it needs 20 common returns, and there are 3")), FALL)
    assert [row.name for row in text.rows] == ["Worst drawdown"]
    names = "Volatility, Sharpe, Downside deviation, Sortino, Value at risk 95 %, Expected shortfall"
    assert text.missing == (
        f"Not available: {names}. It needs 20 returns, and there are 3.",
        "Not available: Beta, Alpha. It needs 20 common returns, and there are 3.",
    )


def test_the_deepest_fall_is_told_with_its_days() -> None:
    days = ", peak 9 Apr 2012, low 18 May 2012, not recovered yet."
    assert drawdown_text(FALL) == DrawdownText("Worst ", "−11.42 %", days)
    over = replace(FALL, recovered=date(2012, 5, 21))
    assert drawdown_text(over).rest.endswith("low 18 May 2012, recovered 21 May 2012.")
    with written_as(GERMAN):
        told = drawdown_text(FALL)
        assert (told.depth, told.rest[:17]) == ("−11,42 %", ", peak 09.04.2012")


def test_what_never_fell_says_so() -> None:
    never = NotAvailable("the index has never been below its peak")
    assert drawdown_text(never) == DrawdownText("None: the index has never been below its peak.")
    assert [row.text for row in risk_texts(NONE, never).rows] == ["none"]
