"""How much a return moved, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.performance.risk import Drawdown, Regression, RiskFigures
from tickfolio.web.figures import percent_of, percent_text, signed_text
from tickfolio.web.notation import short_day
from tickfolio.web.sentences import begun
from tickfolio.words import phrase

RATIO_PLACES = 2


@dataclass(frozen=True, slots=True)
class RiskText:
    """A figure of the risk table, or why there is none; `figure` is what it is called where it is explained."""

    name: str
    text: str
    reason: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class RiskTexts:
    """The figures that there are, and in a sentence for each reason those that there are not."""

    rows: tuple[RiskText, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawdownText:
    """The deepest fall with its days, as a sentence: what it begins with, the figure, and the rest. Without a fall there is no figure."""

    begins: str
    depth: str = ""
    rest: str = ""


def drawdown_text(drawdown: Drawdown | NotAvailable) -> DrawdownText:
    """The deepest fall."""
    if isinstance(drawdown, NotAvailable):
        return DrawdownText(phrase("None: {reason}.", reason=drawdown.reason))
    recovered = (
        phrase("not recovered yet")
        if drawdown.recovered is None
        else phrase("recovered {short_day}", short_day=short_day(drawdown.recovered))
    )
    depth = percent_text(drawdown.depth * 100)
    days = phrase(
        ", peak {peak}, low {low}, {recovered}.",
        peak=short_day(drawdown.peak),
        low=short_day(drawdown.trough),
        recovered=recovered,
    )
    return DrawdownText(phrase("Worst "), depth, days)


def risk_texts(risk: RiskFigures, drawdown: Drawdown | NotAvailable) -> RiskTexts:
    """The rows of the table, those of a benchmark only where there is one."""
    figures = [
        replace(_percentage(phrase("Volatility, a year"), risk.volatility), figure="volatility"),
        replace(_ratio(phrase("Sharpe, rate 0 %"), risk.sharpe), figure="sharpe"),
        replace(_percentage(phrase("Downside deviation, a year"), risk.downside_deviation), figure="downside"),
        replace(_ratio(phrase("Sortino, rate 0 %"), risk.sortino), figure="sortino"),
        replace(_worst(drawdown), figure="drawdown"),
        replace(_percentage(phrase("Value at risk 95 %, a day"), risk.value_at_risk), figure="var"),
        replace(_percentage(phrase("Expected shortfall, a day"), risk.expected_shortfall), figure="es"),
    ]
    regression = risk.regression
    if regression is not None:
        beta, alpha = _of_regression(regression)
        figures.append(replace(_ratio("Beta", beta), figure="beta"))
        figures.append(replace(_percentage("Alpha, a year", alpha), figure="alpha"))
    return RiskTexts(tuple(figure for figure in figures if figure.text), _missing(figures))


def _missing(figures: list[RiskText]) -> tuple[str, ...]:
    by_reason: dict[str, list[str]] = {}
    for figure in figures:
        if figure.reason:
            by_reason.setdefault(figure.reason, []).append(figure.name.partition(",")[0])
    return tuple(
        phrase(
            "Not available: {names}. {reason}.",
            names=", ".join(str(name) for name in names),
            reason=begun(reason),
        )
        for reason, names in by_reason.items()
    )


def _worst(drawdown: Drawdown | NotAvailable) -> RiskText:
    """Never to have been below the peak is a figure too."""
    if isinstance(drawdown, NotAvailable):
        return RiskText(phrase("Worst drawdown"), "none")
    return _percentage(phrase("Worst drawdown"), float(drawdown.depth))


def _of_regression(regression: Regression | NotAvailable) -> tuple[float | NotAvailable, float | NotAvailable]:
    if isinstance(regression, NotAvailable):
        return regression, regression
    return regression.beta, regression.alpha


def _percentage(name: str, value: float | NotAvailable) -> RiskText:
    if isinstance(value, NotAvailable):
        return RiskText(name, "", value.reason)
    return RiskText(name, percent_text(percent_of(value)).removeprefix("+"))


def _ratio(name: str, value: float | NotAvailable) -> RiskText:
    if isinstance(value, NotAvailable):
        return RiskText(name, "", value.reason)
    exact = rounded(Decimal(repr(value)), places=RATIO_PLACES)
    return RiskText(name, signed_text(exact, places=RATIO_PLACES).removeprefix("+"))
