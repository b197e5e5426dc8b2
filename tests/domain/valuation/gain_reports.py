"""Gains reports for tests: a dollar is 0.80 EUR until Monday 21 May 2012, 14:00 UTC, and 0.90 EUR from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.domain.ledger.bookings import NEWCO
from tests.domain.ledger.generated import INSTRUMENTS
from tests.domain.valuation.market import EUR, RATES, USD, book, calendar_of
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.gain_rows import GainRow
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, HoldingPeriods
from tickfolio.domain.valuation.revalue import LivePortfolio

BEFORE, EARLY, LATE = "2012-05-14", "2012-05-21 13:30", "2012-05-21 15:00"
KNOWN = INSTRUMENTS | {NEWCO: Instrument(NEWCO, "Newco", "XNYS", USD)}
END = datetime.fromisoformat("2030-01-01T00:00:00+00:00")


def report_of(
    known: PortfolioBook, *, periods: HoldingPeriods = DEFAULT_PERIODS, rates: Rates = RATES, at: datetime = END
) -> GainsReport:
    """The report of a book."""
    ledgers = LivePortfolio(known, calendar_of=calendar_of).ledgers(rates=rates, at=at)
    return GainsReport(ledgers, known, rates=BaseRates(known.base, rates), periods=periods)


def report(
    *transactions: Transaction,
    options: AccountOptions = DEFAULT_OPTIONS,
    periods: HoldingPeriods = DEFAULT_PERIODS,
    base: Currency = EUR,
) -> GainsReport:
    """The report of a broker's and a bank's account with the same options, in Berlin."""
    accounts = tuple(AccountFacts(AccountId(name), name.title(), options) for name in ("broker", "bank"))
    known = replace(book(*transactions, base=base), accounts=accounts, instruments=KNOWN)
    return report_of(known, periods=periods)


def rows(*transactions: Transaction, options: AccountOptions = DEFAULT_OPTIONS) -> list[GainRow]:
    """All rows of such a report."""
    return list(report(*transactions, options=options).rows(Wanted()))
