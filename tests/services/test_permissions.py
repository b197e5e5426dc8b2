from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.services.ledger_entries import TRADED, Book, book, deposit, person, purchase, share
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.errors import NotAllowed, NotFound
from tickfolio.persistence.tenancy import Actor, Person, Role, System
from tickfolio.services import (
    account_options,
    benchmark_choice,
    holding_periods,
    members,
    open_lots,
    portfolios,
    transactions,
)
from tickfolio.services.permissions import MINIMUM_ROLE, Operation, require

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Scene:
    """A portfolio with something of everything in it, and people of every kind around it."""

    book: Book
    empty_account_id: str
    transaction_id: str
    people: dict[str, Person]


@pytest.fixture
def scene() -> Scene:
    mine = book(person("owner"))
    people = {"owner": mine.owner, "stranger": person("stranger")}
    people |= {role.value: share(mine, role.value, role) for role in (Role.EDITOR, Role.VIEWER)}
    people["ex-member"] = share(mine, "ex-member", Role.OWNER)
    members.member_remove(actor=mine.owner, portfolio_id=mine.portfolio_id, user_id=people["ex-member"].user_id)
    book(people["stranger"], name="Their own")
    spare = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Spare", currency="EUR")
    added = transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    return Scene(mine, spare.id, added.id, people)


type Call = Callable[[Scene, Actor, str], Any]
CALLS: dict[str, tuple[Role, Call]] = {
    "portfolio_view": (Role.VIEWER, lambda s, a, p: portfolios.portfolio_view(actor=a, portfolio_id=p)),
    "portfolio_update": (
        Role.OWNER,
        lambda s, a, p: portfolios.portfolio_update(actor=a, portfolio_id=p, name="Other", base_currency="USD"),
    ),
    "portfolio_delete": (Role.OWNER, lambda s, a, p: portfolios.portfolio_delete(actor=a, portfolio_id=p)),
    "holding_periods_change": (
        Role.EDITOR,
        lambda s, a, p: holding_periods.holding_periods_change(actor=a, portfolio_id=p, periods=HoldingPeriods()),
    ),
    "benchmark_choose": (
        Role.EDITOR,
        lambda s, a, p: benchmark_choice.benchmark_choose(actor=a, portfolio_id=p, symbol=""),
    ),
    "account_create": (
        Role.EDITOR,
        lambda s, a, p: portfolios.account_create(actor=a, portfolio_id=p, name="Bank", currency="EUR"),
    ),
    "account_update": (
        Role.EDITOR,
        lambda s, a, p: portfolios.account_update(
            actor=a, portfolio_id=p, account_id=s.empty_account_id, name="Bank", currency="EUR"
        ),
    ),
    "account_delete": (
        Role.EDITOR,
        lambda s, a, p: portfolios.account_delete(actor=a, portfolio_id=p, account_id=s.empty_account_id),
    ),
    "account_options_preview": (
        Role.EDITOR,
        lambda s, a, p: account_options.account_options_preview(
            actor=a,
            portfolio_id=p,
            account_id=s.empty_account_id,
            options=AccountOptions(allows_shorts=True),
            expected=DEFAULT_OPTIONS,
        ),
    ),
    "account_options_change": (
        Role.EDITOR,
        lambda s, a, p: account_options.account_options_change(
            actor=a,
            portfolio_id=p,
            account_id=s.empty_account_id,
            options=AccountOptions(allows_shorts=True),
            expected=DEFAULT_OPTIONS,
        ),
    ),
    "lots_of": (
        Role.VIEWER,
        lambda s, a, p: open_lots.lots_of(
            actor=a, portfolio_id=p, account_id=s.empty_account_id, symbol="AAPL", at=TRADED
        ),
    ),
    "members_of": (Role.VIEWER, lambda s, a, p: members.members_of(actor=a, portfolio_id=p)),
    "member_add": (
        Role.OWNER,
        lambda s, a, p: members.member_add(actor=a, portfolio_id=p, email="stranger@example.org", role=Role.VIEWER),
    ),
    "member_change": (
        Role.OWNER,
        lambda s, a, p: members.member_change(
            actor=a, portfolio_id=p, user_id=s.people["editor"].user_id, role=Role.VIEWER
        ),
    ),
    "member_remove": (
        Role.OWNER,
        # A member who leaves by themselves is another matter, tested with the members.
        lambda s, a, p: members.member_remove(
            actor=a, portfolio_id=p, user_id=s.people["viewer" if a == s.people["editor"] else "editor"].user_id
        ),
    ),
    "transactions_page": (Role.VIEWER, lambda s, a, p: transactions.transactions_page(actor=a, portfolio_id=p)),
    "transaction_view": (
        Role.VIEWER,
        lambda s, a, p: transactions.transaction_view(actor=a, portfolio_id=p, transaction_id=s.transaction_id),
    ),
    "transaction_history": (
        Role.VIEWER,
        lambda s, a, p: transactions.transaction_history(actor=a, portfolio_id=p, transaction_id=s.transaction_id),
    ),
    "transaction_add": (
        Role.EDITOR,
        lambda s, a, p: transactions.transaction_add(actor=a, portfolio_id=p, draft=purchase(s.book)),
    ),
    "transaction_edit": (
        Role.EDITOR,
        lambda s, a, p: transactions.transaction_edit(
            actor=a,
            portfolio_id=p,
            transaction_id=s.transaction_id,
            draft=deposit(s.book, "1.00"),
            expected_version=1,
        ),
    ),
    "transaction_delete": (
        Role.EDITOR,
        lambda s, a, p: transactions.transaction_delete(
            actor=a, portfolio_id=p, transaction_id=s.transaction_id, expected_version=1
        ),
    ),
}
"""Every function on a portfolio's data, with the least role that may call it."""


def test_every_service_on_a_portfolio_is_in_the_table() -> None:
    found = {
        name
        for module in (account_options, benchmark_choice, holding_periods, open_lots, portfolios, members, transactions)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "portfolio_id" in inspect.signature(function).parameters
    }
    assert found == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("role", Role)
def test_member_may_what_their_role_covers_and_no_more(name: str, role: Role, scene: Scene) -> None:
    least, call = CALLS[name]
    actor = scene.people[role.value]
    if role.covers(least):
        call(scene, actor, scene.book.portfolio_id)
        return
    with pytest.raises(NotAllowed, match=f"role {least}"):
        call(scene, actor, scene.book.portfolio_id)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("who", ["stranger", "ex-member"])
def test_stranger_and_ex_member_find_nothing_as_where_there_is_nothing(name: str, who: str, scene: Scene) -> None:
    _least, call = CALLS[name]
    answers = set()
    for portfolio_id in (scene.book.portfolio_id, str(uuid.uuid4()), "no id", "", scene.book.portfolio_id.upper()):
        with pytest.raises(NotFound) as answer:
            call(scene, scene.people[who], portfolio_id)
        answers.add((type(answer.value), str(answer.value), answer.value.code))
    assert len(answers) == 1


@pytest.mark.parametrize("name", CALLS)
def test_portfolio_that_was_deleted_is_missing_for_its_owner_as_well(name: str, scene: Scene) -> None:
    portfolios.portfolio_delete(actor=scene.book.owner, portfolio_id=scene.book.portfolio_id)
    with pytest.raises(NotFound):
        CALLS[name][1](scene, scene.book.owner, scene.book.portfolio_id)


@pytest.mark.parametrize(
    "name",
    [
        "transaction_view",
        "transaction_history",
        "transaction_edit",
        "transaction_delete",
        "account_update",
        "account_delete",
        "account_options_preview",
        "account_options_change",
    ],
)
def test_what_is_of_another_portfolio_is_missing_in_ones_own(name: str, scene: Scene) -> None:
    stranger = scene.people["stranger"]
    theirs = portfolios.portfolios_of(actor=stranger)[0]
    with pytest.raises(NotFound):
        CALLS[name][1](scene, stranger, theirs.id)


def test_every_operation_has_a_least_role() -> None:
    assert set(MINIMUM_ROLE) == set(Operation)


@pytest.mark.parametrize("operation", Operation)
def test_role_is_asked_for_in_the_table_and_nowhere_else(operation: Operation, scene: Scene) -> None:
    for role in Role:
        actor = scene.people[role.value]
        if role.covers(MINIMUM_ROLE[operation]):
            access = require(actor=actor, portfolio_id=scene.book.portfolio_id, operation=operation)
            assert (access.portfolio_id, access.role) == (scene.book.portfolio_id, role)
            continue
        with pytest.raises(NotAllowed, match=operation.value):
            require(actor=actor, portfolio_id=scene.book.portfolio_id, operation=operation)


def test_a_refusal_names_the_role_and_a_higher_one_only_where_there_is_one(scene: Scene) -> None:
    editor, viewer = scene.people["editor"], scene.people["viewer"]
    with pytest.raises(NotAllowed, match="Expected the role owner to delete the portfolio, was editor"):
        require(actor=editor, portfolio_id=scene.book.portfolio_id, operation=Operation.PORTFOLIO_DELETE)
    with pytest.raises(NotAllowed, match="Expected the role editor or a higher one to import a file, was viewer"):
        require(actor=viewer, portfolio_id=scene.book.portfolio_id, operation=Operation.IMPORT_BOOK)


def test_access_says_what_else_it_allows(scene: Scene) -> None:
    viewer = scene.people["viewer"]
    access = require(actor=viewer, portfolio_id=scene.book.portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    assert access.allows(Operation.MEMBERS_VIEW)
    assert not access.allows(Operation.TRANSACTION_ADD)


def test_system_has_access_to_what_is_there(scene: Scene) -> None:
    system = System("test")
    access = require(actor=system, portfolio_id=scene.book.portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    assert access.role is Role.OWNER
    with pytest.raises(NotFound):
        require(actor=system, portfolio_id=str(uuid.uuid4()), operation=Operation.PORTFOLIO_VIEW)


def test_id_in_capitals_is_the_same_portfolio(scene: Scene) -> None:
    access = require(
        actor=scene.book.owner, portfolio_id=scene.book.portfolio_id.upper(), operation=Operation.PORTFOLIO_VIEW
    )
    assert access.portfolio_id == scene.book.portfolio_id
