"""How a portfolio is to be divided: target weights of the parts of one dimension, in percent, and how far they may be off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.instruments import InstrumentClass, normalise_symbol
from tickfolio.domain.money import EXACT, Currency, has_at_most
from tickfolio.errors import InvalidDraft, InvalidValue, VersionConflict
from tickfolio.persistence.exact_decimal import canonical
from tickfolio.persistence.models import AllocationTargets
from tickfolio.persistence.selectors.allocation_targets import stored_targets
from tickfolio.persistence.selectors.surroundings import instruments_by_symbol
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.countries import countries
from tickfolio.services.allocation_parts import CASH, LABEL, UNKNOWN, Dimension, PartName
from tickfolio.services.classifications import MOST_CHARACTERS
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import phrase

HUNDRED = Decimal(100)
PLACES = 2
"""Decimals of a target and of the tolerance."""
MOST_PARTS = 100
DEFAULT_TOLERANCE = Decimal(5)


@dataclass(frozen=True, slots=True)
class Target:
    """The weight that a part should have, in percent."""

    part: PartName
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of one dimension.

    Attributes:
        tolerance: how far a part may be off before it is told, in percentage points.
        version: must be named to change them; 0 where nobody ever set any.
    """

    dimension: Dimension
    targets: tuple[Target, ...] = ()
    tolerance: Decimal = DEFAULT_TOLERANCE
    version: int = 0

    def of(self, key: str) -> Decimal | None:
        """The target of a part; None where it has none."""
        return next((each.percent for each in self.targets if each.part.key == key), None)

    @property
    def unassigned(self) -> Decimal:
        """What is left to a hundred."""
        left = HUNDRED
        for each in self.targets:
            left = EXACT.subtract(left, each.percent)
        return left


def targets_of(*, actor: Actor, portfolio_id: str, dimension: Dimension) -> Targets:
    """The targets of a portfolio by one dimension.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    found = stored_targets(access.portfolio_id, dimension.value, actor=actor)
    if found is None:
        return Targets(dimension)
    parts = tuple(Target(PartName(key, label), Decimal(percent)) for key, label, percent in json.loads(found.parts))
    return Targets(dimension, parts, found.tolerance, found.version)


def targets_change(
    *,
    actor: Actor,
    portfolio_id: str,
    dimension: Dimension,
    targets: Sequence[Target],
    tolerance: Decimal,
    expected_version: int,
) -> Targets:
    """Sets all targets of a dimension, for everybody who sees the portfolio; without any, it has none from then on.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: targets that cannot be: `targets` holds what is wrong with all of them, a part's key what is with it.
        VersionConflict: somebody changed them meanwhile.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.TARGETS_CHANGE) as held:
        targets_check(dimension, targets, tolerance)
        if dimension is Dimension.HOLDING:
            _check_known([each.part.key for each in targets], actor=actor, portfolio_id=str(held.row.pk))
        before = stored_targets(str(held.row.pk), dimension.value, actor=actor)
        version = 0 if before is None else before.version
        if version != expected_version:
            raise VersionConflict(expected=expected_version, current=version)
        targets_keep(held, Targets(dimension, tuple(targets), tolerance, version))
    return targets_of(actor=actor, portfolio_id=portfolio_id, dimension=dimension)


def targets_keep(held: HeldPortfolio, targets: Targets) -> None:
    """Keeps targets that were checked, as the version after the one that they name."""
    parts = [[each.part.key, each.part.label, canonical(each.percent)] for each in targets.targets]
    said = {
        "parts": json.dumps(parts),
        "tolerance": targets.tolerance,
        "version": targets.version + 1,
        "changed_at": held.at,
        "changed_by_id": held.recorder_id,
    }
    rows = AllocationTargets.objects.for_actor(held.actor).filter(portfolio_id=held.row.pk)
    if not rows.filter(dimension=targets.dimension.value).update(**said):
        AllocationTargets(portfolio_id=held.row.pk, dimension=targets.dimension.value, **said).save()
    held.announce(Kind.PORTFOLIO_CHANGED)


def part_named(text: str, dimension: Dimension, known: Mapping[str, PartName]) -> PartName:
    """The part of a dimension that somebody means: one of `known` by what pages call it, in small letters, or a new one.

    Raises:
        InvalidValue: there is no such part.
    """
    text = " ".join(text.split())
    if (found := known.get(text.casefold())) is not None:
        return found
    match dimension:
        case Dimension.HOLDING:
            return PartName(normalise_symbol(text))
        case Dimension.CURRENCY:
            return PartName(Currency(text.upper()).code)
        case Dimension.COUNTRY:
            if text.upper() not in countries():
                raise InvalidValue(
                    phrase("Expected a country or its two letters by ISO 3166, was {text}.", text=repr(text[:40]))
                )
            return PartName(text.upper())
        case _:
            most = MOST_CHARACTERS["class_label" if dimension is Dimension.CLASS else dimension.value]
            if not text or len(text) > most or not text.isprintable():
                raise InvalidValue(
                    phrase("Expected a name of 1 to {most} characters, was {text}.", most=most, text=repr(text[:40]))
                )
            return PartName(f"{LABEL}{text.casefold()}", text)


def targets_check(dimension: Dimension, targets: Sequence[Target], tolerance: Decimal) -> None:
    """Checks what can be said of targets without the portfolio.

    Raises:
        InvalidDraft: as for `targets_change`.
    """
    errors: dict[str, str] = {}
    keys = [each.part.key for each in targets]
    for each in targets:
        if not _can_be(each.part, dimension):
            errors[each.part.key] = phrase(
                "Expected a part of the portfolio by {value}, was {key}.",
                value=dimension.value,
                key=repr(each.part.key[:40]),
            )
        elif not 0 <= each.percent <= HUNDRED or not has_at_most(PLACES, each.percent):
            errors[each.part.key] = phrase(
                "Expected 0 to 100 percent with at most {places} decimals, was {percent:f}.",
                places=PLACES,
                percent=each.percent,
            )
    together = sum((each.percent for each in targets), Decimal(0))
    if not dimension.has_targets:
        errors["targets"] = phrase("Expected something that trades can change, was accounts.")
    elif len(set(keys)) < len(keys):
        errors["targets"] = phrase("Expected each part once, was one twice.")
    elif len(targets) > MOST_PARTS:
        errors["targets"] = phrase(
            "Expected at most {most_parts} parts, was {targets}.", most_parts=MOST_PARTS, targets=len(targets)
        )
    elif not errors and together > HUNDRED:
        errors["targets"] = phrase("Expected at most 100 percent together, was {together:f}.", together=together)
    if not 0 <= tolerance <= HUNDRED or not has_at_most(PLACES, tolerance):
        errors["tolerance"] = phrase(
            "Expected 0 to 100 percentage points with at most {places} decimals, was {tolerance:f}.",
            places=PLACES,
            tolerance=tolerance,
        )
    if errors:
        raise InvalidDraft(errors)


def _can_be(part: PartName, dimension: Dimension) -> bool:
    """Whether there can be such a part."""
    key, is_own = part.key, part.key.startswith(LABEL)
    if key in (CASH, UNKNOWN):
        return dimension is not Dimension.CURRENCY and not (key == UNKNOWN and dimension is Dimension.HOLDING)
    try:
        match dimension:
            case Dimension.CLASS:
                return is_own or key in {each.value for each in InstrumentClass}
            case Dimension.COUNTRY:
                return key in countries()
            case Dimension.CURRENCY:
                return Currency(key).code == key
            case Dimension.HOLDING:
                return normalise_symbol(key) == key
            case _:
                return is_own and key == f"{LABEL}{part.label.casefold()}"
    except InvalidValue:
        return False


def _check_known(keys: Sequence[str], *, actor: Actor, portfolio_id: str) -> None:
    symbols = [normalise_symbol(key) for key in keys if key != CASH]
    known = instruments_by_symbol(portfolio_id, actor=actor, symbols=symbols)
    errors = {
        str(symbol): phrase("Expected an instrument that is known here, was {symbol}.", symbol=symbol)
        for symbol in symbols
        if symbol not in known
    }
    if errors:
        raise InvalidDraft(errors)
