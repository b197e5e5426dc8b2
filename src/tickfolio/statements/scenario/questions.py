"""What a scenario asks.

**Source**: docs/reference/scenario-format.md, section Questions.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tickfolio.statements.scenario.parts import Code, Given, Moment, Name, Number

type LedgerFigure = Literal[
    "quantity",
    "cost_basis",
    "unit_cost",
    "market_value",
    "value",
    "cash_balance",
    "receivables",
    "unrealized_pnl",
    "unrealized_price",
    "unrealized_currency",
    "unrealized_percent",
    "realized_pnl",
    "realized_price",
    "realized_currency",
    "relieved_cost",
    "proceeds",
    "short_term_pnl",
    "long_term_pnl",
    "holding_days",
    "income",
    "dividends",
    "interest",
    "withholding_tax",
    "fees",
    "taxes",
    "currency_result",
    "net_external_flows",
    "total_pnl",
]
type DayFigure = Literal[
    "day_change", "day_price", "day_currency", "day_trading", "day_income", "day_fees", "day_taxes", "day_percent"
]
type AttributionFigure = Literal[
    "attribution_price",
    "attribution_currency",
    "attribution_income",
    "attribution_fees",
    "attribution_taxes",
    "attribution_trading",
]
type ReturnFigure = Literal[
    "twr",
    "twr_annualised",
    "mwr",
    "mwr_annual",
    "volatility",
    "downside_deviation",
    "sharpe",
    "sortino",
    "max_drawdown",
    "beta",
    "alpha",
    "value_at_risk",
    "expected_shortfall",
    "contribution",
    "benchmark_twr",
    "benchmark_value",
]


class GivenQuestion(Given, kw_only=True):
    """What is asked, and what somebody else answers."""

    id: Name
    figure: LedgerFigure | DayFigure | AttributionFigure | ReturnFigure
    expected: Number | None
    tolerance: Number = "0"
    at: Moment = ""
    since: Moment = msgspec.field(default="", name="from")
    account: str = ""
    symbol: str = ""
    currency: Code = ""
    transaction: str = ""
    unit: Literal["base", "instrument"] = msgspec.field(default="base", name="in")
    benchmark: str = ""
    risk_free: Number = "0"
    source: str = ""
    as_printed: str = ""
    note: str = ""
