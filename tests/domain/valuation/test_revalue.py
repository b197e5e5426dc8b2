"""A portfolio that lives: what it shows is what a new one would show, and what a plain oracle says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, dividend, exchange, moment, money, sell
from tests.domain.ledger.generated import FIRST, INSTRUMENTS, GeneratedLedger, ledgers, rates_of
from tests.domain.valuation.market import (
    EUR,
    NOON,
    RATES,
    STEADY,
    USD,
    book,
    calendar_of,
    fresh,
    generated_book,
    quality_by,
    quote,
    quotes_at,
    row_of,
)
from tests.domain.valuation.oracle import PlainDay, PlainRow, plain_rows
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.transactions import AccountId, Buy, Deposit, Sell, Split, Transaction
from tickfolio.domain.market.fx import rate_table
from tickfolio.domain.market.quotes import NotAvailable, Quote, Unpriced
from tickfolio.domain.valuation.revalue import AccountFacts, LivePortfolio, PortfolioBook
from tickfolio.domain.valuation.valuation import Day, Row, Valuation
from tickfolio.errors import InsufficientQuantity, InvalidValue

HOURS = st.integers(0, 60 * 24).map(lambda minutes: timedelta(minutes=minutes * 7))
APPLE = INSTRUMENTS[AAPL]


def from_scratch(of: PortfolioBook, *, quotes: dict[Symbol, Quote], seed: int, at: datetime) -> Valuation:
    portfolio = LivePortfolio(of, calendar_of=calendar_of)
    return portfolio.value(quote_of=quotes.get, quality_of=quality_by(seed, at), rates=rates_of(seed), at=at)


def plainly(row: Row) -> PlainRow:
    """The figures of a row in the oracle's form."""
    worth = row.worth
    if isinstance(worth, Unpriced):
        return PlainRow(row.quantity, None, _known(row.cost), None, None)
    day = worth.day
    return PlainRow(
        quantity=row.quantity,
        value=worth.value,
        cost=_known(row.cost),
        unrealized=_known(worth.unrealized),
        day=PlainDay(
            *(day.total, day.price, day.trading, day.income, day.fees, day.taxes, day.currency),
            _known(day.percent),
            day.opening,
        )
        if isinstance(day, Day)
        else None,
    )


def _known(figure: Decimal | NotAvailable) -> Decimal | None:
    return None if isinstance(figure, NotAvailable) else figure


@given(ledger=ledgers(), ahead=HOURS)
def test_every_row_is_what_the_plain_oracle_says(ledger: GeneratedLedger, ahead: timedelta) -> None:
    at = FIRST + ahead
    quotes, known = quotes_at(ledger.seed, at), generated_book(ledger)
    shown = from_scratch(known, quotes=quotes, seed=ledger.seed, at=at)
    assert {row.key: plainly(row) for row in shown.rows} == plain_rows(known, quotes=quotes, rates=ledger.rates, at=at)


@given(ledger=ledgers(), ahead=HOURS)
def test_totals_are_the_sums_of_the_rows_and_parts_sum_to_the_day(ledger: GeneratedLedger, ahead: timedelta) -> None:
    at = FIRST + ahead
    shown = from_scratch(generated_book(ledger), quotes=quotes_at(ledger.seed, at), seed=ledger.seed, at=at)
    totals = shown.totals
    rows = [plainly(row) for row in shown.rows]
    days = [row.day for row in rows if row.day is not None]
    assert totals.value == sum((row.value for row in rows if row.value is not None), Decimal(0))
    assert totals.cost == sum((row.cost for row in rows if row.cost is not None and row.value is not None), Decimal(0))
    assert totals.unrealized == sum((row.unrealized for row in rows if row.unrealized is not None), Decimal(0))
    assert totals.day == sum((day.total for day in days), Decimal(0))
    for day in days:
        assert day.total == day.price + day.trading + day.income + day.fees + day.taxes + day.currency
    parts = (totals.day_price, totals.day_trading, totals.day_income, totals.day_fees, totals.day_taxes)
    assert totals.day == sum(parts) + totals.day_currency
    assert totals.unpriced == sum(row.value is None for row in rows)
    assert totals.without_day == sum(row.value is not None and row.day is None for row in rows)


@given(ledger=ledgers(min_size=6), steps=st.lists(HOURS, min_size=2, max_size=6), seed=st.integers(0, 2**16))
def test_what_lives_shows_what_a_new_one_would(ledger: GeneratedLedger, steps: list[timedelta], seed: int) -> None:
    random, known, rates = Random(seed), generated_book(ledger), ledger.rates
    portfolio, judged = LivePortfolio(known, calendar_of=calendar_of), quality_by(seed, FIRST)
    quotes: dict[Symbol, Quote] = {}
    for number, step in enumerate(sorted(steps)):
        at = FIRST + step
        changed = set(random.sample(sorted(INSTRUMENTS), random.randint(0, len(INSTRUMENTS))))
        newer = quotes_at(seed, at)
        quotes.update({symbol: newer[symbol] for symbol in changed & newer.keys()})
        only = changed if number else None
        shown = portfolio.value(quote_of=quotes.get, quality_of=judged, rates=rates, at=at, only=only)
        anew = LivePortfolio(known, calendar_of=calendar_of)
        assert shown == anew.value(quote_of=quotes.get, quality_of=judged, rates=rates, at=at)
        same = [each.gains(quote_of=quotes.get, rates=rates, at=at) for each in (portfolio, anew)]
        assert same[0] == same[1]


@given(ledger=ledgers(min_size=6), edits=st.lists(st.integers(0, 60), max_size=5), ahead=HOURS, later=HOURS)
def test_a_changed_book_is_shown_as_a_new_one_would_show_it(
    ledger: GeneratedLedger, edits: list[int], ahead: timedelta, later: timedelta
) -> None:
    whole, rates, judged = generated_book(ledger), ledger.rates, quality_by(ledger.seed, FIRST)
    portfolio = LivePortfolio(whole, calendar_of=calendar_of)
    for number, changed in enumerate([whole, *(edited(whole, edit) for edit in edits), whole]):
        at = FIRST + ahead + number * later
        quotes = quotes_at(ledger.seed, FIRST)
        portfolio.renew(changed)
        only = set[Symbol]() if number else None
        shown = portfolio.value(quote_of=quotes.get, quality_of=judged, rates=rates, at=at, only=only)
        anew = LivePortfolio(changed, calendar_of=calendar_of)
        assert shown == anew.value(quote_of=quotes.get, quality_of=judged, rates=rates, at=at)
        same = [each.gains(quote_of=quotes.get, rates=rates, at=at) for each in (portfolio, anew)]
        assert same[0] == same[1]


def edited(whole: PortfolioBook, edit: int) -> PortfolioBook:
    """The book up to a place, or without what is there, or with twice the amount of it; it can still be folded."""
    place, transactions = edit // 3, whole.transactions
    if edit % 3 == 0:
        return replace(whole, transactions=transactions[:place])
    if place >= len(transactions) or isinstance(transactions[place], Buy | Sell | Split):
        return whole
    at_place = transactions[place]
    if edit % 3 == 2 and isinstance(at_place, Deposit):
        at_place = replace(at_place, amount=at_place.amount + at_place.amount)
        return replace(whole, transactions=(*transactions[:place], at_place, *transactions[place + 1 :]))
    return replace(whole, transactions=(*transactions[:place], *transactions[place + 1 :]))


def living(*transactions: Transaction) -> LivePortfolio:
    return LivePortfolio(book(*transactions), calendar_of=calendar_of)


def show(
    portfolio: LivePortfolio, at: datetime = NOON, *, price: str = "110", only: set[Symbol] | None = None
) -> Valuation:
    quotes = {AAPL: quote(price, "100")}
    return portfolio.value(quote_of=quotes.get, quality_of=fresh, rates=RATES, at=at, only=only)


def test_it_lives_on_its_book_and_after_a_change_on_the_new_one() -> None:
    first = book(deposit("2012-05-02", "1000 USD"))
    portfolio = LivePortfolio(first, calendar_of=calendar_of)
    assert portfolio.book is first
    second = book(*first.transactions, deposit("2012-05-03", "1 USD"))
    portfolio.renew(second)
    assert portfolio.book is second


def test_a_transaction_counts_when_the_market_reaches_it() -> None:
    portfolio = living(deposit("2012-05-21 15:59", "100 EUR"), deposit("2012-05-21 16:01", "50 EUR"))
    assert show(portfolio).totals.value == 100
    assert not portfolio.advance(NOON + timedelta(seconds=59))
    assert portfolio.advance(NOON + timedelta(minutes=1))
    assert show(portfolio, NOON + timedelta(minutes=1)).totals.value == 150


def test_an_earlier_moment_begins_anew_as_a_replay_does() -> None:
    portfolio = living(deposit("2012-05-21 15:59", "100 EUR"), deposit("2012-05-21 16:01", "50 EUR"))
    assert show(portfolio, NOON + timedelta(hours=1)).totals.value == 150
    assert show(portfolio, NOON).totals.value == 100


def test_an_earlier_moment_after_the_last_transaction_folds_nothing_again() -> None:
    portfolio = living(buy("2012-05-14", "1", "100 USD"))
    show(portfolio, moment("2012-05-24 13:30"))
    ledger = portfolio.account(BROKER).ledger
    # Monday's price tells of the day again.
    assert show(portfolio, only=set()) == show(living(buy("2012-05-14", "1", "100 USD", sequence=1)))
    assert portfolio.account(BROKER).ledger is ledger


def test_a_row_that_did_not_change_is_the_same_object() -> None:
    portfolio = living(deposit("2012-05-14", "100 EUR"), buy("2012-05-14", "1", "100 USD"))
    before = show(portfolio)
    after = show(portfolio, NOON + timedelta(seconds=1), price="111", only={AAPL})
    assert [row.key for row in after.rows] == ["h:broker:AAPL", "c:broker:EUR", "c:broker:USD"]
    assert after.rows[0] != before.rows[0]
    assert all(new is old for new, old in zip(after.rows[1:], before.rows[1:], strict=True))


def test_only_the_named_symbols_are_valued_again() -> None:
    portfolio = living(buy("2012-05-14", "1", "100 USD"))
    before = show(portfolio)
    assert before.totals.value == Decimal("9.00")
    assert show(portfolio, price="111", only=set()) == before
    assert show(portfolio, NOON + timedelta(seconds=1), price="111", only=set()) == before
    assert show(portfolio, NOON + timedelta(seconds=2), price="111").totals.value == Decimal("9.90")


def test_a_published_rate_moves_every_row_in_its_currency() -> None:
    portfolio = living(buy("2012-05-14", "1", "100 USD"), deposit("2012-05-14", "300 USD"))
    before = show(portfolio, moment("2012-05-21 13:59"))
    after = show(portfolio, moment("2012-05-21 14:00"), only=set())
    assert [row.key for row in after.rows] == [row.key for row in before.rows]
    assert row_of(before, "h:broker:AAPL").worth != row_of(after, "h:broker:AAPL").worth
    assert row_of(before, "c:broker:USD").worth != row_of(after, "c:broker:USD").worth


def test_another_table_of_rates_values_everything_anew() -> None:
    portfolio = living(buy("2012-05-14", "10", "900 USD"))
    quotes = {AAPL: quote("110", "100")}
    first = portfolio.value(quote_of=quotes.get, quality_of=fresh, rates=RATES, at=NOON)
    second = portfolio.value(quote_of=quotes.get, quality_of=fresh, rates=STEADY, at=NOON, only=set())
    assert (row_of(first, "h:broker:AAPL").cost, first.totals.unrealized) == (Decimal("720.00"), Decimal("270.00"))
    assert (row_of(second, "h:broker:AAPL").cost, second.totals.unrealized) == (Decimal("720.00"), Decimal("160.00"))
    corrected = rate_table(EUR, [(moment("2012-04-02"), {USD: Decimal(2)})])
    third = portfolio.value(quote_of=quotes.get, quality_of=fresh, rates=corrected, at=NOON, only=set())
    assert (row_of(third, "h:broker:AAPL").cost, third.totals.unrealized) == (Decimal("450.00"), Decimal("100.00"))


def test_an_appended_transaction_is_booked_without_folding_the_account_again() -> None:
    first, second = deposit("2012-05-14", "100 EUR"), deposit("2012-05-15", "50 EUR")
    portfolio = living(first)
    show(portfolio)
    ledger = portfolio.account(BROKER).ledger
    portfolio.renew(book(first, second))
    assert portfolio.account(BROKER).ledger is ledger
    assert show(portfolio, only=set()).totals.value == 150


def test_an_edit_of_the_past_folds_its_account_alone() -> None:
    bank, broker = AccountFacts(AccountId("bank"), "Bank"), AccountFacts(BROKER, "Broker")
    kept, old = deposit("2012-05-14", "10 EUR", account=bank.id), deposit("2012-05-14", "100 EUR")
    both = replace(book(kept, old), accounts=(bank, broker))
    portfolio = LivePortfolio(both, calendar_of=calendar_of)
    show(portfolio)
    untouched = portfolio.account(bank.id).ledger
    portfolio.renew(replace(both, transactions=(kept, replace(old, amount=money("200 EUR")))))
    assert portfolio.account(bank.id).ledger is untouched
    assert show(portfolio, only=set()).totals.value == 210


def test_a_purchase_of_a_new_instrument_keeps_what_was_folded() -> None:
    first, second = buy("2012-05-14", "1", "100 USD"), buy("2012-05-15", "1", "50 EUR", symbol=Symbol("SAP"))
    small = replace(book(first), instruments={AAPL: APPLE})
    portfolio = LivePortfolio(small, calendar_of=calendar_of)
    show(portfolio)
    ledger = portfolio.account(BROKER).ledger
    portfolio.renew(book(first, second))
    assert portfolio.account(BROKER).ledger is ledger
    assert [row.key for row in show(portfolio, only=set()).rows][:2] == ["h:broker:AAPL", "h:broker:SAP"]


def test_an_account_that_is_gone_takes_its_rows_with_it() -> None:
    portfolio = living(deposit("2012-05-14", "100 EUR"))
    show(portfolio)
    portfolio.renew(replace(book(), accounts=()))
    after = show(portfolio, only=set())
    assert (len(after.rows), after.totals.value) == (0, Decimal(0))


def test_a_renamed_account_shows_its_new_name() -> None:
    known = book(deposit("2012-05-14", "100 EUR"))
    portfolio = LivePortfolio(known, calendar_of=calendar_of)
    show(portfolio)
    portfolio.renew(replace(known, accounts=(AccountFacts(BROKER, "New name"),)))
    assert [row.account_name for row in show(portfolio, only=set()).rows] == ["New name"]


def test_a_renamed_account_keeps_the_average_of_its_costs() -> None:
    old, new = (AccountFacts(BROKER, name, AccountOptions(CostMethod.AVERAGE)) for name in ("Old", "New"))
    bought = buy("2012-05-14", "1", "100 USD"), buy("2012-05-21 15:00", "1", "100 USD")
    known = replace(book(*bought), accounts=(old,))
    portfolio = LivePortfolio(known, calendar_of=calendar_of)
    assert row_of(show(portfolio), "h:broker:AAPL").cost == Decimal("170.00")
    portfolio.renew(replace(known, accounts=(new,)))
    assert row_of(show(portfolio), "h:broker:AAPL").cost == Decimal("170.00")


def test_another_base_currency_values_everything_anew() -> None:
    known = book(deposit("2012-05-14", "100 EUR"))
    portfolio = LivePortfolio(known, calendar_of=calendar_of)
    show(portfolio)
    portfolio.renew(replace(known, base=USD))
    assert show(portfolio, only=set()).totals.value == Decimal("111.11")


def test_a_portfolio_without_days_and_calendars_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"^expected days, or calendars that say them$"):
        LivePortfolio(book())


def test_an_impossible_ledger_is_refused_when_the_market_reaches_it() -> None:
    portfolio = living(buy("2012-05-14", "1", "1 USD"), sell("2012-05-21 17:00", "2", "2 USD"))
    show(portfolio)
    with pytest.raises(InsufficientQuantity, match="1 more than the account holds"):
        portfolio.advance(NOON + timedelta(hours=2))


def test_a_book_without_an_instrument_or_an_account_of_its_transactions_is_refused() -> None:
    with pytest.raises(InvalidValue, match="an instrument in the book for every symbol, was none for AAPL"):
        LivePortfolio(replace(book(buy("2012-05-14", "1", "1 USD")), instruments={}), calendar_of=calendar_of).advance(
            NOON
        )
    with pytest.raises(InvalidValue, match="an account of the book, was bank"):
        living(deposit("2012-05-14", "1 EUR", account=AccountId("bank")))


def test_holdings_come_first_then_cash_then_receivables_account_by_account() -> None:
    bank, broker = AccountFacts(AccountId("bank"), "Bank"), AccountFacts(BROKER, "Broker")
    transactions = (
        dividend("2012-06-09", "80 USD", ex="2012-05-14"),
        deposit("2012-05-14", "1 USD"),
        buy("2012-05-14", "1", "50 EUR", symbol=Symbol("SAP")),
        buy("2012-05-14", "1", "100 USD"),
        deposit("2012-05-14", "1 EUR", account=bank.id),
    )
    known = replace(book(*transactions), accounts=(broker, bank))
    keys = [row.key for row in show(LivePortfolio(known, calendar_of=calendar_of)).rows]
    assert keys == [
        "h:broker:AAPL",
        "h:broker:SAP",
        "c:broker:EUR",
        "c:broker:USD",
        f"r:broker:{transactions[0].id}",
        "c:bank:EUR",
    ]


def test_a_gain_is_explained_to_the_last_digit() -> None:
    portfolio = living(
        deposit("2012-05-14", "1000 EUR"),
        exchange("2012-05-15", "800 EUR", "990 USD"),
        buy("2012-05-16", "3", "300 USD"),
    )
    gains = portfolio.gains(quote_of={AAPL: quote("110", "100")}.get, rates=RATES, at=NOON)
    assert not isinstance(gains, NotAvailable)
    assert gains.value - gains.external_flows == gains.total


def test_without_a_price_or_a_rate_the_gain_is_not_available_and_says_why() -> None:
    portfolio = living(buy("2012-05-16", "3", "300 USD"))
    assert portfolio.gains(quote_of=lambda _: None, rates=RATES, at=NOON) == NotAvailable("no price of AAPL is known")
    unknown = portfolio.gains(quote_of={AAPL: quote("1")}.get, rates=rate_table(EUR, []), at=NOON)
    assert unknown == NotAvailable("no source of exchange rates knows USD")


def test_asking_for_gains_leaves_the_rows_as_they_are() -> None:
    portfolio = living(buy("2012-05-14", "1", "100 USD"))
    show(portfolio, moment("2012-05-21 13:59"))
    portfolio.gains(quote_of={AAPL: quote("110")}.get, rates=RATES, at=NOON)
    assert show(portfolio, only=set()) == show(living(buy("2012-05-14", "1", "100 USD", sequence=1)))


def test_asking_for_the_ledgers_leaves_the_rows_as_a_new_one_would_show_them() -> None:
    of = book(
        deposit("2012-05-14", "1000 USD"), buy("2012-05-15", "1", "100 USD"), sell("2012-05-21 15:00", "1", "110 USD")
    )
    portfolio, quotes = LivePortfolio(of, calendar_of=calendar_of), {AAPL: quote("110", "100")}
    for at in (moment("2012-05-16 12:00"), NOON, moment("2012-05-15 12:00"), NOON):
        ((facts, ledger),) = portfolio.ledgers(rates=RATES, at=at)
        assert (facts.name, len(ledger.positions[AAPL].closed)) == ("Broker", int(at == NOON))
        shown = portfolio.value(quote_of=quotes.get, quality_of=quality_by(0, at), rates=RATES, at=at)
        new = LivePortfolio(of, calendar_of=calendar_of)
        assert shown == new.value(quote_of=quotes.get, quality_of=quality_by(0, at), rates=RATES, at=at)
