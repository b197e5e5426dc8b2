"""What holdings gained until now: a dollar was 0.80 EUR when they were bought and is 0.90 EUR now."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.definitions.walks import BEFORE, portfolio
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BROKER, NEWCO, buy, deposit, dividend, sell, settled, transfer_in
from tests.domain.valuation.market import EUR, NOON, RATES, calendar_of, fresh, quote
from tests.domain.valuation.test_any_portfolio import HOURS, book_of, quotes_of
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.domain.money import Currency, Money
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.open_gains import OpenBase, OpenGain, OpenTotals, open_gains, open_totals
from tickfolio.domain.valuation.revalue import LivePortfolio, QuoteOf

D = Decimal
USD = Currency("USD")
QUOTES = {AAPL: quote("110"), NEWCO: quote("50").but(symbol=NEWCO)}


def gains_of(
    *transactions: Transaction, quotes: dict[Symbol, Quote] | None = None, shorts: bool = False
) -> tuple[OpenGain, ...]:
    live = portfolio(*transactions, options=AccountOptions(allows_shorts=shorts))
    return gains_in(live, (QUOTES if quotes is None else quotes).get, RATES, base=EUR)


def gains_in(
    live: LivePortfolio, quote_of: QuoteOf, rates: Rates, *, base: Currency, at: object = NOON
) -> tuple[OpenGain, ...]:
    rows = live.value(quote_of=quote_of, quality_of=fresh, rates=rates, at=at).rows  # type: ignore[arg-type]  # a moment
    return open_gains(
        rows,
        position_of=lambda account, symbol: live.account(account).ledger.position(symbol),
        rates=CurrentRates(BaseRates(base, rates), at),  # type: ignore[arg-type]  # a moment
    )


def totals_of(gains: tuple[OpenGain, ...]) -> OpenTotals:
    return open_totals(gains, places=2)


def test_a_gain_is_told_in_both_currencies_and_by_price_and_currency() -> None:
    (found,) = gains_of(deposit(BEFORE, "5 EUR"), buy(BEFORE, "10", "1000 USD"), sell(BEFORE, "2", "250 USD"))
    assert (found.account, found.account_name) == (BROKER, "Broker")
    assert (found.symbol, found.name, found.quantity) == ("AAPL", "AAPL", D(8))
    assert (found.cost, found.value, found.gain) == (Money(D(800), USD), Money(D(880), USD), Money(D(80), USD))
    assert isinstance(found.base, OpenBase)
    # 800 × 0.8 and 880 × 0.9; 80 × 0.9; 800 × 0.1.
    assert (found.base.cost, found.base.value, found.base.gain) == (D(640), D(792), D(152))
    assert (found.base.price, found.base.currency) == (D(72), D(80))


def test_less_than_one_unit_is_held_too_and_what_is_due_is_no_holding() -> None:
    (found,) = gains_of(buy(BEFORE, "0.5", "50 USD"), dividend("2012-06-14", "1 USD", ex=BEFORE))
    assert (found.cost, found.value) == (Money(D(50), USD), Money(D(55), USD))


def test_a_short_holding_has_a_negative_cost_and_counts_in_the_percentage_like_the_others() -> None:
    found = gains_of(buy(BEFORE, "10", "1000 USD"), sell(BEFORE, "2", "200 USD", symbol=NEWCO), shorts=True)
    assert [each.cost for each in found] == [Money(D(1000), USD), Money(D(-200), USD)]
    assert [each.gain for each in found] == [Money(D(100), USD), Money(D(100), USD)]
    totals = totals_of(found)
    # 990 − 90 of 800 − 160, and 260 of 800 + 160.
    assert (totals.value, totals.cost, totals.gain, totals.percent) == (D(900), D(640), D(260), D("27.08"))
    assert (totals.price, totals.currency, totals.counted, totals.left_out) == (D(180), D(80), 2, 0)


def test_what_was_paid_in_another_currency_has_a_gain_in_the_base_currency_only() -> None:
    (found,) = gains_of(buy(BEFORE, "10", "900 EUR"))
    assert found.gain == NotAvailable("it was paid in EUR, and its price is in USD")
    assert isinstance(found.base, OpenBase)
    assert (found.base.gain, found.base.price, found.base.currency) == (D(90), D(90), D(0))


def test_without_a_price_or_a_cost_there_is_no_gain_and_it_is_counted() -> None:
    found = gains_of(
        buy(BEFORE, "10", "1000 USD"), transfer_in(BEFORE, "3", symbol=NEWCO), quotes={NEWCO: QUOTES[NEWCO]}
    )
    unpriced, uncosted = found
    assert (unpriced.base, unpriced.gain) == (NotAvailable("no price of AAPL is known"),) * 2
    assert uncosted.value == Money(D(150), USD)
    assert uncosted.gain == NotAvailable("what was transferred in came without its cost")
    assert isinstance(uncosted.base, NotAvailable)
    totals = totals_of(found)
    assert (totals.counted, totals.left_out, totals.gain) == (0, 2, D(0))
    assert totals.percent == NotAvailable("the cost is not above zero")
    assert str(totals.cost) == "0.00"


def test_holdings_of_unknown_cost_are_counted_each() -> None:
    live = portfolio(transfer_in(BEFORE, "3"), transfer_in(BEFORE, "3", symbol=NEWCO))
    totals = live.value(quote_of=QUOTES.get, quality_of=fresh, rates=RATES, at=NOON).totals
    assert (totals.priced, totals.without_cost) == (2, 2)


def test_without_a_rate_of_what_it_was_paid_in_a_gain_has_no_parts() -> None:
    paid = buy(BEFORE, "10", "80000 JPY", settlement=settled("800 EUR", rate="0.01", of="JPY"))
    found = gains_of(paid)
    (only,) = found
    assert isinstance(only.base, OpenBase)
    assert only.base.gain == D(190)
    assert only.base.price == NotAvailable("no source of exchange rates knows JPY")
    assert only.base.currency == only.base.price == totals_of(found).price == totals_of(found).currency


@given(ledger=any_ledgers(min_size=6), ahead=HOURS, seed=st.integers(0, 2**16))
def test_the_sums_are_those_of_the_portfolio(ledger: AnyLedger, ahead: object, seed: int) -> None:
    live = LivePortfolio(book_of(ledger), calendar_of=calendar_of)
    at = FIRST + ahead  # type: ignore[operator]  # a span of time
    found = gains_in(live, quotes_of(seed).get, ledger.rates, base=ledger.base, at=at)
    totals = open_totals(found, places=ledger.base.minor_unit)
    shown = live.value(quote_of=quotes_of(seed).get, quality_of=fresh, rates=ledger.rates, at=at).totals
    assert (totals.cost, totals.gain) == (shown.cost, shown.unrealized)
    assert totals.percent == shown.unrealized_percent
    for each in found:
        if isinstance(each.base, OpenBase) and isinstance(each.base.price, Decimal):
            assert each.base.currency == each.base.gain - each.base.price
