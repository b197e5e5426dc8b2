from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.domain.ledger.generated import SIMPLE
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import fold
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency, decimal_places
from tickfolio.errors import FeedDataError, StartupRefused
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.feeds.replay.config import DEFAULT_START, NEW_YORK
from tickfolio.feeds.replay.history import share_histories
from tickfolio.persistence.selectors.ledger import TransactionView
from tickfolio.persistence.tenancy import Person
from tickfolio.services.demo import demo_begin_again, demo_seed, is_demo, payment_day, price_of
from tickfolio.services.demo_story import STORY, Step
from tickfolio.services.ledgers import book_of
from tickfolio.services.people import demo_owner
from tickfolio.services.portfolios import portfolio_delete, portfolio_update, portfolios_of
from tickfolio.services.transactions import transactions_page

pytestmark = pytest.mark.django_db
EUR, USD = Currency("EUR"), Currency("USD")


@pytest.fixture
def owner(settings: Settings) -> Person:
    """The demo's owner, whose portfolios have just been made."""
    settings.TICKFOLIO_MODE = "demo"
    demo_seed()
    user_id = demo_owner()
    assert user_id is not None
    return Person(user_id)


def booked(owner: Person) -> list[TransactionView]:
    """Every transaction of every portfolio, oldest first."""
    pages = [
        transactions_page(actor=owner, portfolio_id=portfolio.id, page_size=1000)
        for portfolio in portfolios_of(actor=owner)
    ]
    return sorted((row for page in pages for row in page.rows), key=lambda row: row.at)


def of_type(owner: Person, *types: TransactionType) -> Iterator[TransactionView]:
    return (row for row in booked(owner) if row.type in types)


def on_the_exchange(at: datetime) -> date:
    return at.astimezone(NEW_YORK).date()


def test_there_are_two_portfolios_and_three_accounts(owner: Person) -> None:
    found = {
        portfolio.name: (portfolio.base_currency, [account.name for account in portfolio.accounts])
        for portfolio in portfolios_of(actor=owner)
    }
    assert found == {"Long term": ("EUR", ["House bank", "US broker"]), "Trading": ("USD", ["Online broker"])}


def test_some_forty_transactions_of_the_usual_types_lie_before_the_replay_and_a_few_behind_its_start(
    owner: Person,
) -> None:
    rows = booked(owner)
    before = [row for row in rows if row.at <= DEFAULT_START]
    assert 35 <= len(before) <= 45
    assert 8 <= len(rows) - len(before) <= 15
    assert {row.type for row in before} == set(SIMPLE)
    assert {row.symbol for row in before} == {"", *share_histories()}
    assert (before[0].at.year, rows[-1].at.year) == (2004, 2012)


def test_first_of_the_later_ones_is_reached_within_minutes_of_the_replay(owner: Person) -> None:
    later = [row for row in booked(owner) if row.at > DEFAULT_START]
    assert later[0].at - DEFAULT_START < timedelta(hours=2)  # of the market: 6 minutes at its usual pace
    assert later[1].at - DEFAULT_START < timedelta(days=1)


def test_every_price_is_one_that_was_paid_that_day(owner: Person) -> None:
    trades = list(of_type(owner, TransactionType.BUY, TransactionType.SELL))
    assert len(trades) >= 15
    for row in trades:
        bar = share_histories()[Symbol(row.symbol)].on(on_the_exchange(row.at))
        assert bar is not None, row
        assert bar.low <= (row.price or 0) <= bar.high
        assert time(9, 30) < row.at.astimezone(NEW_YORK).time() < time(16, 0)


def test_every_amount_is_of_whole_cents_and_the_nearest_to_what_the_price_makes(owner: Person) -> None:
    for row in booked(owner):
        for amount in (row.amount, row.fees, row.taxes, row.counter_amount, row.settlement_amount):
            assert amount is None or decimal_places(amount) <= 2, row
    off = []
    for row in of_type(owner, TransactionType.BUY, TransactionType.SELL):
        assert row.amount is not None
        assert row.price is not None
        assert row.quantity is not None
        off.append(abs(row.amount - row.price * row.quantity))
    assert 0 < max(off) <= Decimal("0.005")  # some closes have fractions of a cent
    assert off.count(Decimal(0)) > len(off) // 2


def test_every_rate_is_the_reference_rate_with_a_banks_margin(owner: Person) -> None:
    rates = [
        (USD, EUR, row.at, row.settlement_rate, row.type is TransactionType.BUY)
        for row in booked(owner)
        if row.settlement_rate
    ]
    for row in of_type(owner, TransactionType.CURRENCY_EXCHANGE):
        assert row.amount is not None
        assert row.counter_amount is not None
        rate = row.counter_amount / row.amount
        rates.append((Currency(row.currency), Currency(row.counter_currency), row.at, rate, False))
    assert len(rates) >= 6
    for base, quote, at, paid, is_paid in rates:
        published = rate_history().rate_at(base, quote, at=at)
        assert not isinstance(published, Unpriced)
        worse = paid / published.rate if is_paid else published.rate / paid
        assert Decimal("1.002") < worse < Decimal("1.004")


def test_splits_and_dividends_are_all_those_of_the_shares_held_on_their_ex_dates(owner: Person) -> None:
    """Told a second time, by walking through the booked trades day by day."""
    for account in {row.account_id for row in booked(owner)}:
        rows = [row for row in booked(owner) if row.account_id == account]
        expected: list[tuple[str, str, date, Decimal | None]] = []
        held, done = defaultdict[str, Decimal](Decimal), 0
        day, trades = date(2004, 9, 1), [row for row in rows if row.type in ("buy", "sell")]
        while day <= date(2012, 12, 31):
            for symbol, history in share_histories().items():
                for action in history.actions_on(day) if held[symbol] else ():
                    match action:
                        case Split():
                            held[symbol] *= Decimal(action.new) / action.old
                            expected.append(("split", symbol, day, None))
                        case CashDividend():
                            expected.append(("dividend", symbol, day, held[symbol] * action.amount))
            while done < len(trades) and on_the_exchange(trades[done].at) == day:
                row = trades[done]
                held[row.symbol] += (row.quantity or 0) * (1 if row.type is TransactionType.BUY else -1)
                done += 1
            day += timedelta(days=1)
        found = [
            (row.type.value, row.symbol, row.ex_date or on_the_exchange(row.at), row.amount)
            for row in rows
            if row.type in (TransactionType.SPLIT, TransactionType.DIVIDEND)
        ]
        assert sorted(found, key=str) == sorted(expected, key=str)


def test_apple_splits_while_it_is_held_and_dividends_are_waited_for_at_the_start(owner: Person) -> None:
    splits = list(of_type(owner, TransactionType.SPLIT))
    assert {(row.symbol, on_the_exchange(row.at)) for row in splits} == {("AAPL", date(2005, 2, 28))}
    assert len(splits) == 2
    waited_for = [
        row.symbol
        for row in of_type(owner, TransactionType.DIVIDEND)
        if row.ex_date and row.ex_date < date(2012, 5, 21) and row.at > DEFAULT_START
    ]
    assert sorted(waited_for) == ["IBM", "MSFT"]
    paid = Counter(row.symbol for row in of_type(owner, TransactionType.DIVIDEND))
    assert set(paid) == {"AAPL", "IBM", "MSFT"}


def test_nobody_ever_spends_what_is_not_there(owner: Person) -> None:
    for portfolio in portfolios_of(actor=owner):
        book = book_of(actor=owner, portfolio_id=portfolio.id).book
        for account in book.accounts:
            mine = sorted((each for each in book.transactions if each.account == account.id), key=lambda each: each.at)
            for count in range(1, len(mine) + 1):
                balances = fold(account.id, mine[:count]).cash
                assert all(cash.balance >= 0 for cash in balances.values()), mine[count - 1]


def test_second_call_books_nothing_and_leaves_what_became_of_it(owner: Person) -> None:
    [first, second] = portfolios_of(actor=owner)
    portfolio_delete(actor=owner, portfolio_id=second.id)
    portfolio_update(actor=owner, portfolio_id=first.id, name="Mine", base_currency="USD")
    assert demo_seed() == 0
    assert [portfolio.name for portfolio in portfolios_of(actor=owner)] == ["Mine"]


def test_it_can_be_begun_again(owner: Person) -> None:
    before = len(booked(owner))
    [first, _second] = portfolios_of(actor=owner)
    portfolio_update(actor=owner, portfolio_id=first.id, name="Mine", base_currency="USD")
    assert demo_begin_again() == before
    assert [portfolio.name for portfolio in portfolios_of(actor=owner)] == ["Long term", "Trading"]
    assert demo_owner() == owner.user_id


@pytest.mark.parametrize(("mode", "is_replay"), [("production", True), ("demo", False), ("test", True)])
def test_instance_that_is_no_demo_gets_no_owner_without_a_password(
    settings: Settings, mode: str, is_replay: bool
) -> None:
    settings.TICKFOLIO_MODE, settings.TICKFOLIO_IS_REPLAY = mode, is_replay
    assert not is_demo()
    with pytest.raises(StartupRefused, match="Expected a demo"):
        demo_begin_again()
    assert demo_owner() is None


@pytest.mark.parametrize(
    "step",
    [
        Step(day=date(2012, 5, 20), type=TransactionType.BUY, symbol="AAPL", quantity=1),
        Step(day=date(2012, 5, 17), type=TransactionType.BUY, symbol="FB", quantity=1),
        Step(day=date(2012, 5, 21), type=TransactionType.BUY, symbol="AAPL", quantity=1, within=Decimal("1.1")),
        Step(day=date(2012, 5, 21), type=TransactionType.BUY, symbol="AAPL", quantity=1, within=Decimal("-0.1")),
    ],
    ids=["a Sunday", "before the first day", "above the high", "below the low"],
)
def test_price_that_nobody_paid_is_refused(step: Step) -> None:
    with pytest.raises(FeedDataError, match="Expected a "):
        price_of(step)


def test_dividends_are_paid_on_working_days_after_their_ex_dates() -> None:
    for history in share_histories().values():
        for action in history.actions:
            if isinstance(action, CashDividend):
                paid = payment_day(action)
                assert timedelta(days=5) < paid - action.ex_date < timedelta(days=45)
                assert paid.weekday() < 5


def test_every_decision_falls_on_the_day_it_says() -> None:
    for portfolio in STORY:
        for account in portfolio.accounts:
            assert [step.day for step in account.steps] == sorted(step.day for step in account.steps)
            assert all(step.day.weekday() < 5 for step in account.steps)


def test_moments_of_the_demo_are_in_utc(owner: Person) -> None:
    assert {row.at.tzinfo for row in booked(owner)} == {UTC}
