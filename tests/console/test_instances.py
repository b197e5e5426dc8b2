"""Every command for an instance that is there takes from its database whether it is a replay or live."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from pytest_django import Settings

import tickfolio.console.management.commands as ours
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, TUESDAY, WEDNESDAY, clock, told
from tickfolio.console.instances import InstanceCommand
from tickfolio.errors import StartupRefused
from tickfolio.services.daily_series import series_extend
from tickfolio.services.derived_tables import derived_text
from tickfolio.services.market_records import instance_declare

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
NAMES = sorted({file.stem for file in Path(ours.__path__[0]).glob("*.py")} - {"__init__"})
WITHOUT_KIND = {"backup", "migrate", "restore"}
"""They move whole databases, of whatever kind."""


class Look(InstanceCommand):
    """Says what it is told that the instance is."""

    def handle(self, *_args: Any, **_options: Any) -> str:
        return f"replay: {configured.TICKFOLIO_IS_REPLAY}"


def looked() -> str:
    return said(Look())


def said(command: str | InstanceCommand, *words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def lived(settings: Settings, clock: object) -> Book:
    """A live instance with finished days, in a shell that does not say that it is one."""
    told({FRIDAY: "310.25", MONDAY: "320.50", TUESDAY: "330.75", WEDNESDAY: "340.00"})
    mine = book(person("alice"), currency="EUR")
    bought = datetime(FRIDAY.year, FRIDAY.month, FRIDAY.day, 15, 0, tzinfo=UTC)
    add(mine, deposit(mine, "9000.00", currency="EUR", at=bought))
    add(mine, purchase(mine, quantity="3", price="300.00", at=bought))
    series_extend(portfolio_id=mine.portfolio_id)
    settings.TICKFOLIO_IS_REPLAY = True
    return mine


@pytest.mark.parametrize("name", NAMES)
def test_no_command_forgets_to_look(name: str) -> None:
    command = import_module(f"{ours.__name__}.{name}").Command
    assert issubclass(command, InstanceCommand) == (name not in WITHOUT_KIND)


@pytest.mark.parametrize("is_replay", [True, False])
def test_what_the_instance_declared_counts_and_not_what_the_shell_leaves_out(
    settings: Settings, is_replay: bool
) -> None:
    instance_declare(is_replay=is_replay, at=NOW)
    settings.TICKFOLIO_IS_REPLAY = not is_replay
    assert looked() == f"replay: {is_replay}\n"
    assert settings.TICKFOLIO_IS_REPLAY is not is_replay


@pytest.mark.parametrize("is_replay", [True, False])
def test_an_instance_that_was_never_started_is_what_the_settings_say(settings: Settings, is_replay: bool) -> None:
    settings.TICKFOLIO_IS_REPLAY = is_replay
    assert looked() == f"replay: {is_replay}\n"


@pytest.mark.parametrize("is_replay", [True, False])
def test_a_shell_that_says_outright_that_it_is_the_other_kind_is_refused(settings: Settings, is_replay: bool) -> None:
    instance_declare(is_replay=is_replay, at=NOW)
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_KIND_IS_NAMED = not is_replay, True
    with pytest.raises(CommandError, match=r"Expected this instance to be .* TICKFOLIO_FEEDS as at its first") as end:
        looked()
    assert end.value.returncode == 2
    settings.TICKFOLIO_IS_REPLAY = is_replay
    assert looked() == f"replay: {is_replay}\n"


def test_a_live_instance_is_verified_as_one(lived: Book) -> None:
    text = said("verify")
    assert re.search(r"^daily_value +[1-9]", text, flags=re.MULTILINE)
    assert text.splitlines()[-1] == "1 portfolio: all that is derived is what facts say."


def test_a_live_instance_is_rebuilt_to_the_same_days(lived: Book) -> None:
    before = derived_text(lived.portfolio_id)
    assert f"{FRIDAY}" in before
    text = said("rebuild")
    assert "; the same as before (" in text
    assert "begun" not in text
    assert derived_text(lived.portfolio_id) == before


def test_a_figure_of_a_live_instance_is_explained_as_of_its_real_time(lived: Book) -> None:
    text = said("explain", lived.portfolio_id, "value")
    assert text.splitlines()[-1].startswith(f"As of {NOW:%Y-%m-%d %H:%M:%S}Z")
    assert "= 0.00" not in text
    assert "330.75 USD" in said("explain", lived.portfolio_id, "value", as_of=f"{TUESDAY}")


def test_a_live_instance_gets_no_owner_who_signs_in_without_a_password(settings: Settings, lived: Book) -> None:
    settings.TICKFOLIO_MODE = "demo"
    with pytest.raises(StartupRefused, match="Expected a demo"):
        call_command("demo")
