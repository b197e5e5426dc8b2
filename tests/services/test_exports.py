"""A whole portfolio as a file, and back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.domain.ledger.generated import ACCOUNTS, INSTRUMENTS, SIMPLE, GeneratedLedger, ledgers
from tests.services.every_type import book_every_type
from tests.services.import_files import booked, fates, ledger_of, previewed, reasons, standing
from tests.services.ledger_entries import Book, book, deposit, person, purchase, sale, share
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.options import AccountOptions, CashMethod, CostMethod
from tickfolio.domain.ledger.transactions import Buy, Dividend, Transaction, TransactionType, transaction_type
from tickfolio.domain.money import MAX_PRICE_PLACES, decimal_places, rounded
from tickfolio.errors import NotFound
from tickfolio.persistence.ledger_mappers import columns_of
from tickfolio.persistence.selectors.surroundings import instruments_by_symbol
from tickfolio.persistence.tenancy import Role
from tickfolio.services import exports, portfolios, transactions
from tickfolio.services.account_options import account_options_change
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import Surroundings, TransactionDraft
from tickfolio.services.exports import Export
from tickfolio.services.ledger_writes import NewEntry, append, next_sequence, surroundings_of, transaction_ids
from tickfolio.services.ledgers import book_of
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import held_portfolio

pytestmark = pytest.mark.django_db

NEWCOMERS = count()
NOTES = st.sampled_from(
    ["", "", "a note", "=1+1", '\'tis, "quoted"', "@home", "\N{EURO SIGN} − ü", "two, cells;and\ttabs"]
)
type Take = Callable[..., Export]
TAKES: list[Take] = [exports.export_csv, exports.export_json]
drawn: Counter[TransactionType] = Counter()
"""How many transactions of each type went out and came back in this process."""


def taken(mine: Book, take: Take) -> bytes:
    """The whole file."""
    return "".join(take(actor=mine.owner, portfolio_id=mine.portfolio_id).pieces).encode()


def empty_book() -> Book:
    """A portfolio of somebody new, with one account that nothing of a file is for."""
    return book(person(f"newcomer-{next(NEWCOMERS)}"))


def draft_of(transaction: Transaction, *, account_id: str, note: str) -> TransactionDraft:
    """The draft that books a generated transaction."""
    columns = columns_of(transaction)
    amount = columns.pop("amount", None)
    has_gross = transaction_type(transaction) in (TransactionType.BUY, TransactionType.SELL, TransactionType.DIVIDEND)
    columns.pop("accrues_at", None)
    ex_date = None
    if isinstance(transaction, Dividend) and transaction.accrues_at is not None:
        ex_date = transaction.accrues_at.date()
    kept = {name: value for name, value in columns.items() if name not in ("type", "at")}
    if isinstance(amount, Decimal) and decimal_places(amount) > MAX_PRICE_PLACES:
        # Nobody can state that: it is computed, or stated as a broker does.
        is_per_unit = INSTRUMENTS[Symbol(str(columns["symbol"]))].quote_unit == 1
        amount = None if is_per_unit else rounded(amount, places=MAX_PRICE_PLACES)
    named: dict[str, object] = {"gross" if has_gross else "amount": amount} if amount is not None else {}
    return TransactionDraft(
        type=transaction_type(transaction),
        account_id=account_id,
        at=transaction.at,
        note=note,
        ex_date=ex_date,
        **kept,  # type: ignore[arg-type]
        **named,  # type: ignore[arg-type]
    )


def written_down(generated: GeneratedLedger, notes: Iterator[str]) -> Book:
    """A portfolio with that ledger. All of its instruments but AAPL are known to nobody else."""
    mine = empty_book()
    accounts = {
        key: portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name=name, currency="EUR").id
        for key, name in zip(ACCOUNTS, ('=Bank, "giro"', "Broker; 'Depot'"), strict=True)
    }
    private = {
        symbol: Instrument(symbol=symbol, name="=Made up, 'Inc.'", mic=PRIVATE_MIC, currency=each.currency)
        for symbol, each in INSTRUMENTS.items()
    }
    with held_portfolio(actor=mine.owner, portfolio_id=mine.portfolio_id, operation=Operation.IMPORT_BOOK) as held:
        known = surroundings_of(held, private)
        around = Surroundings(accounts=known.accounts, instruments={**private, **known.instruments})
        entries = []
        for sequence, transaction in enumerate(generated.transactions, start=next_sequence(held)):
            drawn[transaction_type(transaction)] += 1
            draft = draft_of(transaction, account_id=accounts[transaction.account], note=next(notes))
            read = read_draft(draft, surroundings=around, transaction_id=transaction_ids(1)[0], sequence=sequence)
            named = {Symbol(each) for each in (draft.symbol, draft.new_symbol) if each}
            new = tuple(private[each] for each in sorted(named - known.instruments.keys()))
            entries.append(NewEntry(read=replace(read, new_instruments=new)))
        append(held, entries)
    return mine


@seed(1)  # the same ledgers each time: how many there are of each type is looked at afterwards
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledgers(min_size=1, max_size=24), st.lists(NOTES, min_size=24, max_size=24))
def what_goes_out_comes_back(generated: GeneratedLedger, notes: list[str]) -> None:
    """The law, for both formats."""
    mine = written_down(generated, iter(notes))
    for take in TAKES:
        other = empty_book()
        content = taken(mine, take)
        batch = previewed(other, content)
        assert set(fates(other, batch)) == {"new"}
        booked(other, batch)
        assert standing(other) == standing(mine)
        assert details(other) == details(mine)
        assert entries_of(other) == entries_of(mine)
        assert set(fates(mine, previewed(mine, content))) == {"known"}


def test_what_goes_out_comes_back_to_the_very_same_ledger_whatever_is_in_it() -> None:
    drawn.clear()
    what_goes_out_comes_back()
    whole = sum(drawn.values())
    assert {kind.value: drawn[kind] / whole for kind in SIMPLE if drawn[kind] < whole * 0.01} == {}


@pytest.mark.parametrize("take", TAKES)
def test_every_type_goes_out_and_comes_back_with_all_that_it_says(mine: Book, take: Take) -> None:
    assert set(book_every_type(mine)) == set(TransactionType)
    other = empty_book()
    content = taken(mine, take)
    batch = previewed(other, content)
    assert set(zip(fates(other, batch), reasons(other, batch), strict=True)) == {("new", "")}
    booked(other, batch)
    assert standing(other) == standing(mine)
    assert entries_of(other) == entries_of(mine)
    assert instruments_made(other) == instruments_made(mine)
    assert set(fates(mine, previewed(mine, content))) == {"known"}
    assert set(fates(other, previewed(other, content))) == {"known"}


@pytest.mark.parametrize("take", TAKES)
def test_how_an_account_counts_goes_out_and_comes_back(mine: Book, take: Take) -> None:
    options = AccountOptions(CostMethod.LIFO, CashMethod.AVERAGE, fees_in_cost=False, allows_shorts=True)
    portfolios.account_update(
        actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=mine.account_id, name="Short", currency="USD"
    )
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=options,
        expected=AccountOptions(),
    )
    add(mine, sale(mine, quantity="4"), purchase(mine, quantity="1"))
    other = empty_book()
    batch = previewed(other, taken(mine, take))
    assert fates(other, batch) == ["new", "new"]
    booked(other, batch)
    accounts = portfolios.portfolio_view(actor=other.owner, portfolio_id=other.portfolio_id).accounts
    assert {account.name: account.options for account in accounts}["Short"] == options
    assert standing(other) == standing(mine)


def instruments_made(mine: Book) -> list[Instrument]:
    """The instruments that only this portfolio knows."""
    known = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).book.instruments
    return [known[symbol] for symbol in sorted(known) if known[symbol].mic == PRIVATE_MIC]


def entries_of(mine: Book) -> list[str]:
    """The rows of an export; accounts that nothing is booked in have none."""
    return taken(mine, exports.export_csv).decode().split("\r\n")


def details(mine: Book) -> list[tuple[object, ...]]:
    """What the ledger itself does not say: notes, ex-dates, and from when on a dividend counts."""
    found = transactions.transactions_page(actor=mine.owner, portfolio_id=mine.portfolio_id, page_size=1000).rows
    accrues = sorted(
        each.accrues_at.astimezone(UTC).isoformat() if each.accrues_at else ""
        for each in ledger_of(mine)
        if isinstance(each, Dividend)
    )
    told = sorted(((view.account_name, view.note, view.ex_date) for view in found), key=lambda each: each[0])
    return [*told, tuple(accrues)]


@pytest.fixture
def mine() -> Book:
    """Alice's portfolio with one account."""
    return book(person("alice"))


def add(mine: Book, *drafts: TransactionDraft) -> list[transactions.TransactionView]:
    """Books transactions by hand."""
    return [
        transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft) for draft in drafts
    ]


def test_only_what_lives_goes_out_as_it_is_now(mine: Book) -> None:
    first, second = add(mine, deposit(mine, "1"), deposit(mine, "2"))
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=first.id, expected_version=1
    )
    transactions.transaction_edit(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=second.id,
        draft=deposit(mine, "3"),
        expected_version=1,
    )
    document = json.loads(taken(mine, exports.export_json))
    assert [each["amount"] for each in document["transactions"]] == ["3"]
    assert document["portfolio"] == {
        "name": "Long term",
        "base_currency": "EUR",
        "day_count": "actual",
        "long_term_months": 12,
    }
    assert document["accounts"] == [{"name": "Broker", "currency": "USD"}]


def test_what_is_booked_while_a_file_is_sent_is_not_in_it(mine: Book) -> None:
    add(mine, *(deposit(mine, str(number)) for number in range(1, 4)))
    pieces = exports.export_csv(actor=mine.owner, portfolio_id=mine.portfolio_id).pieces
    sent = [next(pieces)]
    add(mine, deposit(mine, "99"))
    sent += pieces
    assert "99" not in "".join(sent)
    assert len(sent) == 4


def test_transactions_of_one_moment_keep_their_order(mine: Book) -> None:
    add(
        mine,
        purchase(mine, quantity="3", price="10"),
        sale(mine, quantity="2"),
        purchase(mine, quantity="2", price="9"),
    )
    other = book(person("bob"))
    booked(other, previewed(other, taken(mine, exports.export_csv)))
    assert standing(other) == standing(mine)


def test_an_empty_portfolio_is_a_file_too(mine: Book) -> None:
    assert taken(mine, exports.export_csv).decode().count("\r\n") == 1
    assert json.loads(taken(mine, exports.export_json))["transactions"] == []


@pytest.mark.parametrize(
    ("name", "stem"), [("Long term!", "long-term"), ("Für später", "für-später"), ("…", "portfolio")]
)
def test_a_file_is_named_after_its_portfolio_and_the_day(mine: Book, name: str, stem: str) -> None:
    portfolios.portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name=name, base_currency="EUR")
    for take, suffix in ((exports.export_csv, "csv"), (exports.export_json, "json")):
        named = take(actor=mine.owner, portfolio_id=mine.portfolio_id).file_name
        assert named.startswith(f"{stem}-20")
        assert named.endswith(f".{suffix}")


@pytest.mark.parametrize("take", TAKES)
def test_whoever_may_see_a_portfolio_may_take_it_out(mine: Book, take: Take) -> None:
    viewer = share(mine, "vera", Role.VIEWER)
    assert take(actor=viewer, portfolio_id=mine.portfolio_id).file_name
    with pytest.raises(NotFound):
        take(actor=person("charlie"), portfolio_id=mine.portfolio_id)


@pytest.mark.parametrize("take", TAKES)
def test_how_trades_of_an_instrument_are_counted_goes_out_and_comes_back(mine: Book, take: Take) -> None:
    option = purchase(
        mine, symbol="OPT", quantity="1", price="2.5", creates_instrument=True, instrument_currency="USD",
        instrument_class="option", contract_size=Decimal(100),
    )  # fmt: skip
    add(mine, option)
    other = empty_book()
    batch = previewed(other, taken(mine, take))
    assert fates(other, batch) == ["new"]
    booked(other, batch)
    known = instruments_by_symbol(other.portfolio_id, actor=other.owner)[Symbol("OPT")]
    assert (known.contract_size, known.instrument_class.value) == (Decimal(100), "option")
    assert standing(other) == standing(mine)


def test_a_file_that_states_no_amount_is_booked_by_the_contract_size(mine: Book) -> None:
    content = b"""{"format": "tickfolio", "instruments": [{"symbol": "OPT", "contract_size": "100", "class": "option"}],
    "transactions": [{"type": "buy", "at": "2012-05-21", "account": "Broker", "symbol": "OPT", "quantity": "1",
    "price": "2.5", "currency": "USD"}]}"""
    booked(mine, previewed(mine, content))
    (bought,) = ledger_of(mine)
    assert isinstance(bought, Buy)
    assert bought.gross.amount == 250
