"""The paragraphs of the definitions that explanations name."""

from __future__ import annotations

from tickfolio.domain.explain.nodes import Definition

NUMBERS = Definition("numbers", "Numbers")
TIME = Definition("time", "Time")
TRANSACTIONS = Definition("transactions", "Transactions")
COST_BASIS = Definition("cost-basis-and-lots", "Cost basis and lots")
GAINS = Definition("gains", "Gains")
GAINS_REPORT = Definition("gains-report", "Gains report")
VALUATION = Definition("valuation-and-coverage", "Valuation and coverage")
DAY = Definition("day-change-of-portfolios", "Day change of portfolios")
ATTRIBUTION = Definition("attribution", "Attribution")
RETURNS = Definition("returns", "Returns")
DAILY_SERIES = Definition("daily-series", "Daily series")
RISK = Definition("risk", "Risk")
BENCHMARK = Definition("benchmark", "Benchmark")
