"""Everything of a person: out as one file, and in again, here and to somebody else."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.live.market import AAPL, IBM, instrument
from tests.services.import_files import standing
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, share
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidDraft, JobCancelled
from tickfolio.identity.models import User
from tickfolio.persistence.models import ImportBatch, Portfolio
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.runtime.long_jobs import LongJob, Step
from tickfolio.services import imports, person_exports, person_imports, portfolios, transactions, watchlists
from tickfolio.services.attachments import NewFile, attachments_add
from tickfolio.services.holdings_view import Column, GroupBy, SortBy, holdings_view_change, holdings_view_of
from tickfolio.services.import_besides import Standing
from tickfolio.services.market_records import instruments_register
from tickfolio.services.people import preferences_of, preferences_update
from tickfolio.services.person_imports import Outcome, PortfolioTaken, ThingsTaken
from tickfolio.statements.person_archives import PersonArchive

pytestmark = pytest.mark.django_db
NEWCOMERS = count()
MSFT = Symbol("MSFT")
KNOWN = [AAPL, IBM, MSFT]
CHOSEN = {"base_currency": "USD", "language": "de", "locale": "de", "time_zone": "Europe/Berlin", "theme": "dark"}


def newcomer() -> Person:
    return person(f"owner-of-data-{next(NEWCOMERS)}")


def taken(actor: Person) -> bytes:
    """The whole file."""
    return b"".join(person_exports.export_everything(actor=actor).pieces)


def brought(actor: Person, content: bytes) -> tuple[ThingsTaken, list[PortfolioTaken]]:
    """Everything of a file, as the page brings it in."""
    archive = PersonArchive(io.BytesIO(content))
    things = person_imports.person_things_take(actor=actor, document=archive.document)
    found: list[PortfolioTaken] = []
    for described in archive.document.portfolios:
        with archive.portfolio(described.file) as apart:
            taken_by = {each.place.portfolio_id for each in found}
            place = person_imports.portfolio_place(actor=actor, described=described, taken=taken_by)
            found.append(person_imports.portfolio_take(actor=actor, place=place, described=described, archive=apart))
    return things, found


def lists_of(actor: Person) -> list[tuple[str, tuple[Symbol, ...]]]:
    return [(each.name, each.symbols) for each in watchlists.watchlists_of(actor=actor)]


def listed(actor: Person, name: str, *symbols: Symbol) -> None:
    instruments_register(instruments=[instrument(each) for each in KNOWN])
    made = watchlists.watchlist_create(actor=actor, name=name)
    for symbol in symbols:
        watchlists.entry_add(actor=actor, symbol=symbol, watchlist_id=made.id)


def written() -> Book:
    """Somebody with a portfolio of two transactions and a file, a list, a view and preferences."""
    mine = book(newcomer())
    add(mine, deposit(mine, "5000"))
    bought = add(mine, purchase(mine))
    attachments_add(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        transaction_id=bought.id,
        files=[NewFile("note.pdf", b"%PDF-1.7 a contract note")],
    )
    listed(mine.owner, "Ideas", IBM, AAPL)
    preferences_update(user_id=mine.owner.user_id, wanted=CHOSEN)
    holdings_view_change(user_id=mine.owner.user_id, columns=["value", "price"], pinned="1", group="class")
    return mine


def changed(content: bytes, **document: Any) -> bytes:
    """The same file with another document."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            if name == "person.json":
                after.writestr(name, json.dumps(json.loads(before.read(name)) | document))
            else:
                after.writestr(name, before.read(name))
    return packed.getvalue()


# ---------- Out and in ----------


def test_all_of_it_comes_back_to_somebody_else() -> None:
    mine, other = written(), newcomer()
    things, found = brought(other, taken(mine.owner))
    assert (things.preferences, things.holdings_view) == (Standing.NEW, Standing.NEW)
    assert [(each.is_new, each.added, each.unknown) for each in things.lists] == [(True, 2, ())]
    assert [(each.outcome, each.place.is_new, each.rows) for each in found] == [(Outcome.BOOKED, True, 2)]
    assert preferences_of(other.user_id) == preferences_of(mine.owner.user_id)
    assert holdings_view_of(other.user_id) == holdings_view_of(mine.owner.user_id)
    assert lists_of(other) == lists_of(mine.owner) == [("Ideas", (IBM, AAPL))]
    (portfolio,) = portfolios.portfolios_of(actor=other)
    assert (portfolio.name, portfolio.base_currency) == ("Long term", "EUR")
    theirs = Book(other, portfolio.id, portfolio.accounts[0].id)
    assert standing(theirs) == standing(mine)


def test_the_same_file_twice_changes_nothing() -> None:
    mine, other = written(), newcomer()
    content = taken(mine.owner)
    brought(other, content)
    before = (lists_of(other), Portfolio.objects.for_actor(other).count())
    things, found = brought(other, content)
    assert (things.preferences, things.holdings_view) == (Standing.SAME, Standing.SAME)
    assert [(each.is_new, each.added) for each in things.lists] == [(False, 0)]
    assert [(each.outcome, each.place.is_new) for each in found] == [(Outcome.HERE, False)]
    assert (lists_of(other), Portfolio.objects.for_actor(other).count()) == before


def test_a_portfolio_in_which_nothing_was_booked_is_made_and_empty() -> None:
    mine, other = newcomer(), newcomer()
    portfolios.portfolio_create(actor=mine, name="Empty", base_currency="USD")
    content = taken(mine)
    for is_new in (True, False):
        _things, found = brought(other, content)
        assert [(each.outcome, each.place.is_new, each.rows) for each in found] == [(Outcome.HERE, is_new, 0)]
    (portfolio,) = portfolios.portfolios_of(actor=other)
    assert (portfolio.name, portfolio.base_currency) == ("Empty", "USD")


def test_ones_own_file_changes_nothing() -> None:
    mine = written()
    things, found = brought(mine.owner, taken(mine.owner))
    assert (things.preferences, things.holdings_view) == (Standing.SAME, Standing.SAME)
    assert [(each.outcome, each.place.portfolio_id) for each in found] == [(Outcome.HERE, mine.portfolio_id)]


def test_what_somebody_chose_stays_and_what_they_did_not_is_filled() -> None:
    mine, other = written(), newcomer()
    User.objects.filter(pk=other.user_id).update(base_currency="CHF")
    holdings_view_change(user_id=other.user_id, group="none")
    things, _found = brought(other, taken(mine.owner))
    preferred = preferences_of(other.user_id)
    assert (things.preferences, things.holdings_view) == (Standing.NEW, Standing.OTHER)
    assert (preferred.base_currency.code, preferred.locale.value, preferred.theme.value) == ("CHF", "de", "dark")
    assert holdings_view_of(other.user_id).group is GroupBy.NONE
    assert brought(other, taken(mine.owner))[0].preferences is Standing.OTHER


def test_a_list_of_the_same_name_gets_what_it_lacks_and_keeps_its_order() -> None:
    mine, other = written(), newcomer()
    listed(other, "Ideas", MSFT, AAPL)
    things, _found = brought(other, taken(mine.owner))
    assert [(each.is_new, each.added) for each in things.lists] == [(False, 1)]
    assert lists_of(other) == [("Ideas", (MSFT, AAPL, IBM))]


def test_what_nobody_knows_is_left_out_and_named() -> None:
    mine, other = written(), newcomer()
    content = changed(taken(mine.owner), watchlists=[{"name": "New", "symbols": ["NOSUCH", "AAPL", "  "]}])
    things, _found = brought(other, content)
    assert [(each.added, each.unknown) for each in things.lists] == [(1, ("NOSUCH", "  "))]
    assert lists_of(other) == [("New", (AAPL,))]


def test_a_preference_or_a_view_that_is_not_offered_is_left_out() -> None:
    mine, other = written(), newcomer()
    view = {"columns": ["moon"], "pinned": 0, "group": "none", "sort": "value", "is_descending": True}
    content = changed(taken(mine.owner), preferences=CHOSEN | {"base_currency": "ZZZ"}, holdings_view=view)
    things, _found = brought(other, content)
    assert things.holdings_view is Standing.LEFT_OUT
    assert preferences_of(other.user_id).base_currency.code == "EUR"
    assert preferences_of(other.user_id).theme.value == "dark"


def test_too_many_lists_change_nothing_at_all() -> None:
    mine, other = written(), newcomer()
    for number in range(watchlists.MAX_LISTS):
        watchlists.watchlist_create(actor=other, name=f"List {number}")
    with pytest.raises(InvalidDraft, match="at most 50 watchlists"):
        brought(other, taken(mine.owner))
    assert preferences_of(other.user_id).theme.value == ""


def test_two_portfolios_of_one_name_are_two_again() -> None:
    mine = written()
    second = book(mine.owner)
    add(second, deposit(second, "7"))
    other = newcomer()
    _things, found = brought(other, taken(mine.owner))
    assert len({each.place.portfolio_id for each in found}) == 2
    assert {each.outcome for each in brought(other, taken(mine.owner))[1]} == {Outcome.HERE}
    assert len(portfolios.portfolios_of(actor=other)) == 2


def test_what_was_shared_stays_shared_here_and_is_a_portfolio_of_ones_own_elsewhere() -> None:
    mine = written()
    viewer, other = share(mine, f"viewer-{next(NEWCOMERS)}", Role.VIEWER), newcomer()
    content = taken(viewer)
    _things, (here,) = brought(viewer, content)
    assert (here.outcome, here.place.portfolio_id) == (Outcome.HERE, mine.portfolio_id)
    _things, (there,) = brought(other, content)
    assert (there.outcome, there.place.is_new, there.rows) == (Outcome.BOOKED, True, 2)
    assert brought(other, content)[1][0].outcome is Outcome.HERE


def test_a_portfolio_that_happens_to_be_called_the_same_and_is_only_shared_is_not_in_the_way() -> None:
    mine, theirs = written(), book(newcomer())
    viewer = share(theirs, f"viewer-{next(NEWCOMERS)}", Role.VIEWER)
    _things, (found,) = brought(viewer, taken(mine.owner))
    assert (found.outcome, found.place.is_new) == (Outcome.BOOKED, True)


def test_what_has_to_be_decided_waits_as_a_preview() -> None:
    mine, other = written(), newcomer()
    content = taken(mine.owner)
    place = book(other)
    add(place, deposit(place, "1"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (inner,) = (name for name in archive.namelist() if name.startswith("portfolios/"))
        portfolio = archive.read(inner)
    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(portfolio)) as before, zipfile.ZipFile(spoilt, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(
                name, text.replace(b'"quantity": "10"', b'"quantity": "ten"') if name.endswith("json") else text
            )
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        after.writestr("person.json", before.read("person.json"))
        after.writestr(inner, spoilt.getvalue())
    _things, (found,) = brought(other, packed.getvalue())
    assert (found.outcome, found.place.portfolio_id, found.rows) == (Outcome.OPEN, place.portfolio_id, 0)
    assert found.batch_id
    assert transactions.transactions_page(actor=other, portfolio_id=place.portfolio_id).total == 1


names = st.sampled_from(["A", "B", "A B"])
kept_lists = st.lists(st.tuples(names, st.lists(st.sampled_from(KNOWN), unique=True, max_size=3)), max_size=4)
views = st.tuples(
    st.lists(st.sampled_from([each.value for each in Column]), min_size=1, max_size=4, unique=True),
    st.integers(0, 3),
    st.sampled_from([each.value for each in GroupBy]),
    st.sampled_from([each.value for each in SortBy]),
    st.booleans(),
)
choices = st.fixed_dictionaries(
    {
        "base_currency": st.sampled_from(["EUR", "USD", "CHF"]),
        "language": st.sampled_from(["", "en", "de"]),
        "locale": st.sampled_from(["en", "de"]),
        "time_zone": st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
        "theme": st.sampled_from(["", "light", "dark"]),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=kept_lists, view=views, chosen=choices)
def test_whatever_somebody_keeps_comes_back_and_twice_is_once(
    wanted: list[tuple[str, list[Symbol]]], view: tuple[list[str], int, str, str, bool], chosen: dict[str, str]
) -> None:
    mine, other = newcomer(), newcomer()
    instruments_register(instruments=[instrument(each) for each in KNOWN])
    for name, symbols in wanted:
        listed(mine, name, *symbols)
    preferences_update(user_id=mine.user_id, wanted=chosen)
    columns, pinned, group, sort, is_descending = view
    holdings_view_change(
        user_id=mine.user_id,
        columns=columns,
        pinned=str(pinned),
        group=group,
        sort=sort,
        is_descending=is_descending,
    )
    content = taken(mine)
    for _again in range(2):
        brought(other, content)
        assert lists_of(other) == lists_of(mine)
        assert preferences_of(other.user_id) == preferences_of(mine.user_id)
        assert holdings_view_of(other.user_id) == holdings_view_of(mine.user_id)


class CancelledInRound(LongJob):
    """A job that is cancelled when a step of one of its rounds begins."""

    def __init__(self, number: int, step: Step) -> None:
        super().__init__("key", "work")
        self._at, self._now = (number, step), 0

    def round(self, number: int, rounds: int) -> None:
        self._now = number
        super().round(number, rounds)

    def begin(self, step: Step, total: int = 0) -> None:
        super().begin(step, total)
        if (self._now, step) == self._at:
            self.cancel()


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("step", [Step.READ, Step.CHECK, Step.WRITE])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_cancelled_portfolio_is_as_it_was(number: int, step: Step, *, is_new: bool) -> None:
    mine, bob = written(), newcomer()
    archive = PersonArchive(io.BytesIO(taken(mine.owner)))
    (described,) = archive.document.portfolios
    if not is_new:
        portfolios.portfolio_create(actor=bob, name=described.name, base_currency=described.base_currency)
    place = person_imports.portfolio_place(actor=bob, described=described, taken=frozenset())
    assert place.is_new is is_new
    with archive.portfolio(described.file) as apart, pytest.raises(JobCancelled):
        person_imports.portfolio_take(
            actor=bob, place=place, described=described, archive=apart, progress=CancelledInRound(number, step)
        )
    there = portfolios.portfolios_of(actor=bob)
    assert len(there) == (0 if is_new else 1)
    for each in there:
        assert transactions.transactions_page(actor=bob, portfolio_id=each.id).rows == ()
        assert each.accounts == ()
        assert not imports.imports_of(actor=bob, portfolio_id=each.id)
        assert not ImportBatch.objects.for_actor(bob).filter(portfolio_id=each.id).exists()
    (again,) = brought(bob, taken(mine.owner))[1]
    assert (again.outcome, again.rows) == (Outcome.BOOKED, 2)
