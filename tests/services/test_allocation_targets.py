"""How a portfolio is to be divided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.services.ledger_entries import Book, book, person, share
from tickfolio.errors import InvalidDraft, InvalidValue, NotAllowed, NotFound, VersionConflict
from tickfolio.persistence.tenancy import Role
from tickfolio.services.allocation_parts import Dimension, PartName
from tickfolio.services.allocation_targets import (
    MOST_PARTS,
    Target,
    Targets,
    part_named,
    targets_change,
    targets_of,
)
from tickfolio.services.portfolios import portfolio_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def target(key: str, percent: str, label: str = "") -> Target:
    return Target(PartName(key, label), Decimal(percent))


def change(mine: Book, *targets: Target, by: Dimension = Dimension.CLASS, version: int = 0, **more: Any) -> Targets:
    options = {"actor": mine.owner, "tolerance": Decimal("2.5"), **more}
    return targets_change(
        portfolio_id=mine.portfolio_id, dimension=by, targets=targets, expected_version=version, **options
    )


def of(mine: Book, by: Dimension = Dimension.CLASS) -> Targets:
    return targets_of(actor=mine.owner, portfolio_id=mine.portfolio_id, dimension=by)


def test_targets_are_kept_by_dimension_and_what_is_left_is_unassigned(mine: Book) -> None:
    assert of(mine) == Targets(Dimension.CLASS)
    head = portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    found = change(mine, target("equity", "60.00"), target("l:gold", "7.5", "Gold"), target("cash", "0"))
    assert found == of(mine)
    assert found.targets == (target("equity", "60"), target("l:gold", "7.5", "Gold"), target("cash", "0"))
    assert (found.tolerance, found.version, found.unassigned) == (Decimal("2.5"), 1, Decimal("32.5"))
    assert (found.of("l:gold"), found.of("bond")) == (Decimal("7.5"), None)
    assert of(mine, Dimension.SECTOR).targets == ()
    assert portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head == head + 1


def test_they_are_taken_away_as_a_whole(mine: Book) -> None:
    change(mine, target("equity", "60"))
    assert change(mine, version=1).targets == ()
    assert of(mine).version == 2


def test_who_saw_older_ones_is_told(mine: Book) -> None:
    change(mine, target("equity", "60"))
    with pytest.raises(VersionConflict) as refused:
        change(mine, target("bond", "60"))
    assert refused.value.current_version == 1
    assert of(mine).of("bond") is None


@pytest.mark.parametrize(
    ("targets", "errors"),
    [
        (
            (target("equity", "60"), target("bond", "40.01")),
            {"targets": "Expected at most 100 percent together, was 100.01."},
        ),
        ((target("equity", "60"), target("equity", "1")), {"targets": "Expected each part once, was one twice."}),
        ((target("equity", "-1"),), {"equity": "Expected 0 to 100 percent with at most 2 decimals, was -1."}),
        ((target("equity", "1.001"),), {"equity": "Expected 0 to 100 percent with at most 2 decimals, was 1.001."}),
        ((target("stones", "1"),), {"stones": "Expected a part of the portfolio by class, was 'stones'."}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    mine: Book, targets: tuple[Target, ...], errors: dict[str, str]
) -> None:
    with pytest.raises(InvalidDraft) as refused:
        change(mine, *targets)
    assert refused.value.errors == errors
    assert of(mine).version == 0


def test_each_dimension_knows_its_parts(mine: Book) -> None:
    change(mine, target("CH", "10"), target("unknown", "1"), by=Dimension.COUNTRY)
    change(mine, target("USD", "10"), by=Dimension.CURRENCY)
    change(mine, target("AAPL", "10"), target("cash", "5"), by=Dimension.HOLDING)
    change(mine, target("l:energy", "10", "Energy"), by=Dimension.SECTOR)
    change(mine, target("l:core", "10", "Core"), target("unknown", "5"), by=Dimension.TAG)
    wrong = {
        Dimension.COUNTRY: target("XX", "1"),
        Dimension.CURRENCY: target("usd", "1"),
        Dimension.HOLDING: target("not a symbol", "1"),
        Dimension.SECTOR: target("l:energy", "1", "Other"),
        Dimension.TAG: target("core", "1"),
    }
    for by, part in wrong.items():
        with pytest.raises(InvalidDraft, match="Expected a part of the portfolio"):
            change(mine, part, by=by, version=1)
    for by, key in ((Dimension.CURRENCY, "cash"), (Dimension.HOLDING, "unknown")):
        with pytest.raises(InvalidDraft, match="Expected a part of the portfolio"):
            change(mine, target(key, "1"), by=by, version=1)
    with pytest.raises(InvalidDraft, match="an instrument that is known here, was NOPE"):
        change(mine, target("NOPE", "1"), by=Dimension.HOLDING, version=1)


def test_accounts_have_none_and_neither_have_too_many_parts(mine: Book) -> None:
    with pytest.raises(InvalidDraft, match="something that trades can change"):
        change(mine, target(mine.account_id, "10"), by=Dimension.ACCOUNT)
    many = [target(f"l:{number}", "0.5", str(number)) for number in range(MOST_PARTS + 1)]
    with pytest.raises(InvalidDraft, match="at most 100 parts"):
        change(mine, *many, by=Dimension.TAG)
    with pytest.raises(InvalidDraft, match="percentage points"):
        change(mine, tolerance=Decimal(101))


def test_an_editor_may_a_viewer_sees_and_to_others_they_are_not_there(mine: Book) -> None:
    editor, viewer, stranger = share(mine, "eve", Role.EDITOR), share(mine, "vera", Role.VIEWER), person("charlie")
    change(mine, target("equity", "60"), actor=editor)
    seen = targets_of(actor=viewer, portfolio_id=mine.portfolio_id, dimension=Dimension.CLASS)
    assert seen.of("equity") == 60
    with pytest.raises(NotAllowed):
        change(mine, actor=viewer, version=1)
    with pytest.raises(NotFound):
        targets_of(actor=stranger, portfolio_id=mine.portfolio_id, dimension=Dimension.CLASS)


def test_a_part_is_named_as_pages_call_it_or_a_new_one() -> None:
    known = {"shares": PartName("equity")}
    assert part_named(" SHARES ", Dimension.CLASS, known) == PartName("equity")
    assert part_named("Old  masters", Dimension.CLASS, known) == PartName("l:old masters", "Old masters")
    assert part_named("ch", Dimension.COUNTRY, {}) == PartName("CH")
    assert part_named("chf", Dimension.CURRENCY, {}) == PartName("CHF")
    assert part_named("aapl", Dimension.HOLDING, {}) == PartName("AAPL")
    for text, by in (("Atlantis", Dimension.COUNTRY), ("francs", Dimension.CURRENCY), ("a b", Dimension.HOLDING)):
        with pytest.raises(InvalidValue, match="Expected"):
            part_named(text, by, {})
    with pytest.raises(InvalidValue, match="1 to 60 characters"):
        part_named("x" * 61, Dimension.SECTOR, {})
