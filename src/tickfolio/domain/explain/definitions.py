"""The paragraphs of the definitions that explanations name."""

from __future__ import annotations

from tickfolio.domain.explain.nodes import Definition
from tickfolio.words import marked_phrase

NUMBERS = Definition("numbers", "Numbers")
TIME = Definition("time", "Time")
TRANSACTIONS = Definition("transactions", "Transactions")
COST_BASIS = Definition("cost-basis-and-lots", marked_phrase("Cost basis and lots"))
GAINS = Definition("gains", "Gains")
GAINS_REPORT = Definition("gains-report", marked_phrase("Gains report"))
VALUATION = Definition("valuation-and-coverage", marked_phrase("Valuation and coverage"))
DAY = Definition("day-change-of-portfolios", marked_phrase("Day change of portfolios"))
ATTRIBUTION = Definition("attribution", "Attribution")
RETURNS = Definition("returns", "Returns")
DAILY_SERIES = Definition("daily-series", marked_phrase("Daily series"))
RISK = Definition("risk", "Risk")
BENCHMARK = Definition("benchmark", "Benchmark")
