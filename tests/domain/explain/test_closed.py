"""What was realized, and paid besides, explained."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import standing, standing_of, told
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import AAPL, BANK, BROKER, buy, dividend, fee, interest, sell, transfer_in
from tickfolio.domain.explain.closed import BESIDES, besides, realized
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted

REPORTED = {
    "dividends": "dividends",
    "interest": "interest",
    "withheld": "withholding_tax",
    "fees": "fees",
    "taxes": "taxes",
}


@settings(max_examples=FEWER)
@given(
    ledger=any_ledgers(min_size=6),
    seed=st.integers(0, 2**16),
    year=st.sampled_from((None, 2012, 2011)),
    part=st.booleans(),
)
def test_what_the_gains_report_sums_is_what_the_formulas_say(
    ledger: AnyLedger, seed: int, year: int | None, part: bool
) -> None:
    standing = standing_of(ledger, timedelta(days=9), seed)
    wanted = Wanted(year, standing.book.accounts[0].id if part else None, None)
    report = GainsReport(
        [(each.facts, each.ledger) for each in standing.live.accounts()], standing.book, rates=standing.facts
    )
    found = realized(standing, wanted)
    check(found)
    assert found.value == report.sums(list(report.rows(wanted))).total.gain
    sums = report.year_sums(wanted)
    for figure in BESIDES:
        tree = besides(standing, figure, wanted)
        check(tree)
        assert tree.value == getattr(sums, REPORTED[figure])


def test_what_lacks_a_cost_or_a_rate_is_left_out_and_named() -> None:
    found = standing(
        transfer_in("2012-05-17", "10"),
        buy("2012-05-17", "10", "5000.00 USD"),
        sell("2012-05-18", "20", "11000.00 USD"),
        fee("2012-05-18", "100 JPY"),
        fee("2012-05-18", "2.00 EUR"),
        interest("2012-05-18", "100 JPY"),
    )
    tree = realized(found, Wanted())
    assert tree.value == Decimal("400.00")
    assert "came without its cost" in tree.notes[0]
    assert "proceeds − cost" in told(tree)
    fees = besides(found, "fees", Wanted())
    assert (fees.value, len(fees.notes)) == (Decimal("2.00"), 1)
    assert "no source of exchange rates knows JPY" in besides(found, "interest", Wanted()).notes[0]


def test_only_what_is_wanted_counts() -> None:
    found = standing(
        buy("2012-05-17", "10", "5000.00 USD"),
        sell("2012-05-18", "5", "2600.00 USD"),
        dividend("2012-05-18", "10.00 USD"),
    )
    for wanted in (Wanted(year=2011), Wanted(symbol=Symbol("SAP")), Wanted(account=BANK)):
        assert realized(found, wanted).value == 0
        assert besides(found, "dividends", wanted).value == 0
    assert realized(found, Wanted(2012, BROKER, AAPL)).name == "Realized gain of AAPL, 2012"
    assert besides(found, "dividends", Wanted(2012, BROKER, AAPL)).value == Decimal("8.00")
