"""The laws of a valued portfolio over every type of transaction and every option."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_edit import edited
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST, INSTRUMENTS
from tests.domain.ledger.bookings import AAPL, BROKER, buy, sell, transfer_in
from tests.domain.valuation.market import EUR, NOON, RATES, calendar_of, quote
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable, Quality, Quote
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Day, Valuation, Worth
from tickfolio.errors import TickfolioError

HOURS = st.integers(0, 60 * 24).map(lambda minutes: timedelta(minutes=minutes * 7))


def book_of(ledger: AnyLedger) -> PortfolioBook:
    return PortfolioBook(
        base=ledger.base,
        zone=ZoneInfo("Europe/Berlin"),
        accounts=tuple(AccountFacts(account, account, options) for account, options in ledger.options.items()),
        transactions=ledger.transactions,
        instruments=INSTRUMENTS,
    )


def quotes_of(seed: int) -> dict[str, Quote]:
    random = Random(seed)
    return {
        symbol: quote(f"{random.randint(1, 50_000)}", f"{random.randint(1, 50_000)}").but(symbol=symbol)
        for symbol in INSTRUMENTS
        if random.random() < 0.8
    }


def shown(portfolio: LivePortfolio, ledger: AnyLedger, ahead: timedelta, seed: int) -> Valuation:
    return portfolio.value(
        quote_of=quotes_of(seed).get,
        quality_of=lambda _symbol: Quality.REPLAY,
        rates=ledger.rates,
        at=FIRST + ahead,
    )


@given(ledger=any_ledgers(min_size=6), steps=st.lists(HOURS, min_size=2, max_size=5), seed=st.integers(0, 2**16))
def test_what_lives_shows_what_a_new_one_would(ledger: AnyLedger, steps: list[timedelta], seed: int) -> None:
    book = book_of(ledger)
    portfolio = LivePortfolio(book, calendar_of=calendar_of)
    rates = ledger.rates
    for number, step in enumerate(sorted(steps)):
        quotes = quotes_of(seed + number)
        new = LivePortfolio(book, calendar_of=calendar_of)
        one, other = (
            each.value(quote_of=quotes.get, quality_of=lambda _symbol: Quality.REPLAY, rates=rates, at=FIRST + step)
            for each in (portfolio, new)
        )
        assert one == other


@given(ledger=any_ledgers(min_size=6), keep=st.integers(0, 30), ahead=HOURS, seed=st.integers(0, 2**16))
def test_a_changed_book_is_shown_as_a_new_one_would_show_it(
    ledger: AnyLedger, keep: int, ahead: timedelta, seed: int
) -> None:
    whole = book_of(ledger)
    part = replace(whole, transactions=whole.transactions[:keep])
    other = replace(
        whole,
        accounts=tuple(
            replace(facts, options=replace(facts.options, method=CostMethod.AVERAGE)) for facts in whole.accounts
        ),
        transactions=tuple(each for each in whole.transactions[:keep] if not getattr(each, "lots", ())),
    )
    portfolio = LivePortfolio(whole, calendar_of=calendar_of)
    for book in (part, whole, part):
        portfolio.renew(book)
        anew = LivePortfolio(book, calendar_of=calendar_of)
        assert shown(portfolio, ledger, ahead, seed) == shown(anew, ledger, ahead, seed)
    if other.transactions == part.transactions:
        portfolio.renew(other)
        anew = LivePortfolio(other, calendar_of=calendar_of)
        assert shown(portfolio, ledger, ahead, seed) == shown(anew, ledger, ahead, seed)


@given(ledger=any_ledgers(min_size=6), chance=st.integers(0, 2**32), ahead=HOURS, seed=st.integers(0, 2**16))
def test_an_edit_of_the_past_is_shown_as_a_new_one_would_show_it(
    ledger: AnyLedger, chance: int, ahead: timedelta, seed: int
) -> None:
    whole = book_of(ledger)
    other = replace(whole, transactions=tuple(edited(ledger.transactions, Random(chance))))
    portfolio = LivePortfolio(whole, calendar_of=calendar_of)
    shown(portfolio, ledger, ahead, seed)
    try:
        new = shown(LivePortfolio(other, calendar_of=calendar_of), ledger, ahead, seed)
    except TickfolioError as error:
        with pytest.raises(type(error)):
            portfolio.renew(other)
        return
    portfolio.renew(other)
    assert shown(portfolio, ledger, ahead, seed) == new


@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_rows_sum_to_the_totals_and_parts_to_the_day(ledger: AnyLedger, seed: int) -> None:
    found = shown(LivePortfolio(book_of(ledger), calendar_of=calendar_of), ledger, ledger.end - FIRST, seed)
    worths = [row.worth for row in found.rows if isinstance(row.worth, Worth)]
    days = [worth.day for worth in worths if isinstance(worth.day, Day)]
    assert found.totals.value == sum((worth.value for worth in worths), Decimal(0))
    assert found.totals.day == sum((day.total for day in days), Decimal(0))
    for day in days:
        assert day.total == day.price + day.trading + day.income + day.fees + day.taxes + day.currency


@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_value_less_flows_is_the_sum_of_the_gains(ledger: AnyLedger, seed: int) -> None:
    portfolio = LivePortfolio(book_of(ledger), calendar_of=calendar_of)
    gains = portfolio.gains(quote_of=quotes_of(seed).get, rates=ledger.rates, at=ledger.end)
    if isinstance(gains, Gains):
        assert gains.total == EXACT.subtract(gains.value, gains.external_flows)


def portfolio_of(*transactions: Transaction, options: AccountOptions | None = None) -> LivePortfolio:
    facts = AccountFacts(BROKER, "Broker", options or AccountOptions())
    book = PortfolioBook(EUR, ZoneInfo("Europe/Berlin"), (facts,), transactions, INSTRUMENTS)
    return LivePortfolio(book, calendar_of=calendar_of)


def only_row(portfolio: LivePortfolio, price: str = "110") -> Worth:
    found = portfolio.value(
        quote_of=lambda _symbol: quote(price, "100"), quality_of=lambda _symbol: Quality.REPLAY, rates=RATES, at=NOON
    )
    worth = next(row for row in found.rows if row.symbol == AAPL).worth
    assert isinstance(worth, Worth)
    return worth


def test_without_its_cost_a_holding_has_a_value_and_no_gain() -> None:
    portfolio = portfolio_of(transfer_in("2012-05-14", "10"))
    worth = only_row(portfolio)
    reason = "what was transferred in on 2012-05-14 came without its cost"
    assert worth.unrealized == worth.unrealized_percent == NotAvailable(reason)
    assert worth.value > 0
    assert isinstance(worth.day, Day)
    gains = portfolio.gains(quote_of=lambda _symbol: quote("110", "100"), rates=RATES, at=NOON)
    assert gains == NotAvailable(reason)


def test_what_came_without_its_cost_and_was_sold_today_counts_as_held_since_the_reference() -> None:
    portfolio = portfolio_of(transfer_in("2012-05-21 14:00", "10"), sell("2012-05-21 15:00", "10", "1100 USD"))
    day = only_row(portfolio).day
    assert isinstance(day, Day)
    assert day.price == Decimal(90)


def test_what_was_sold_short_gains_when_the_price_falls() -> None:
    short = sell("2012-05-14", "10", "1000 USD")
    worth = only_row(portfolio_of(short, options=AccountOptions(allows_shorts=True)), price="90")
    assert (worth.value, worth.unrealized, worth.unrealized_percent) == (Decimal(-810), Decimal(-10), Decimal("-1.25"))
    assert isinstance(worth.day, Day)
    # The price fell by a tenth, and the dollars that are owed rose from 0.80 to 0.90 euros.
    assert (worth.day.price, worth.day.currency) == (Decimal(90), Decimal(-100))
    assert worth.day.percent == Decimal("-1.25")


def test_an_average_follows_the_rates_of_another_table() -> None:
    trades = buy("2012-05-14", "10", "1000 USD"), buy("2012-05-15", "10", "2000 USD")
    portfolio = portfolio_of(*trades, options=AccountOptions(CostMethod.AVERAGE))
    assert only_row(portfolio).unrealized == Decimal(-420)
    assert portfolio.effects() == {}
