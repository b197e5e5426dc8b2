"""`tickfolio user`: who may sign in, for whoever runs the server."""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from tickfolio.console.instances import InstanceCommand
from tickfolio.errors import TickfolioError
from tickfolio.runtime.data_lock import recorded_address
from tickfolio.services import operators, people
from tickfolio.services.people import PersonView


class Command(InstanceCommand):
    """Lists, adds, deactivates and activates people, and prints links to set a password."""

    help = "Who may sign in, and who is the operator: list, add, reset-password, deactivate, activate, make-operator, no-operator."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for what to do, and whom with."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        _add_data(actions.add_parser("list", help="everybody, and since when"))
        for name, does in ACTIONS.items():
            action = actions.add_parser(name, help=does)
            action.add_argument("email", metavar="EMAIL")
            _add_data(action)
            if name in WITH_LINK:
                action.add_argument(
                    "--address",
                    "--origin",
                    dest="address",
                    metavar="URL",
                    help="what the printed link begins with (where the server is)",
                )

    def handle(self, *args: Any, **options: Any) -> None:
        """Does what was asked and prints what it came to."""
        try:
            for line in self._lines(options["action"], options.get("email", ""), address=options.get("address")):
                self.stdout.write(line)
        except TickfolioError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _lines(self, action: str, email: str, *, address: str | None) -> list[str]:
        match action:
            case "list":
                return [listed(person) for person in people.people()] or ["Nobody has an account yet."]
            case "add":
                added = people.person_add(email=email)
                return [
                    f"{added.email} is added. They choose their password at",
                    link(email, address=address),
                    VALIDITY,
                    *([FIRST] if added.is_operator else []),
                ]
            case "reset-password":
                return [link(email, address=address), VALIDITY]
            case "deactivate":
                people.person_deactivate(email=email)
                return [f"{email} is signed out and can no longer sign in. What they own is kept."]
            case "activate":
                people.person_activate(email=email)
                return [f"{email} can sign in again."]
            case "make-operator":
                return [f"{operators.operator_make(email=email)} is an operator: they see how the feeds do."]
            case _:
                return [no_operator(*operators.operator_unmake(email=email))]


ACTIONS = {
    "add": "somebody new, with a link to choose their password",
    "reset-password": "print a link to set a new password",
    "deactivate": "sign somebody out and let them in no more",
    "activate": "let somebody in again",
    "make-operator": "let somebody see how the feeds do, and decide on doubted prices",
    "no-operator": "let somebody do that no more",
}
WITH_LINK = ("add", "reset-password")
FIRST = "They are the first here, and so the operator."
VALIDITY = "The link works once, for a day. Whoever has it can sign in as them: send it by a way you trust."


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")


def link(email: str, *, address: str | None) -> str:
    """A reset link as it can be opened in a browser.

    Raises:
        CommandError: no address is known that it could begin with.
    """
    first = address or server_address()
    if not first.startswith(("http://", "https://")):
        raise CommandError(
            f"Expected an address such as https://tickfolio.example.org, was {first!r}. "
            "Set TICKFOLIO_ALLOWED_ORIGINS, or pass --address."
        )
    return first.rstrip("/") + people.reset_link(email=email)


def no_operator(email: str, left: int) -> str:
    """What it came to that somebody is an operator no longer; `left` are the operators that there still are."""
    others = "" if left else " There is none left; make-operator names another one."
    return f"{email} is no operator any more.{others}"


def server_address() -> str:
    """Where people reach the server: by the name it has, else where the one of this data directory has been found last."""
    first: str = next(iter(settings.TICKFOLIO_ALLOWED_ORIGINS), "")
    # Without a name of its own it is on this machine, at whatever port was free when it started.
    is_named = bool(first) and urlsplit(first).hostname not in ("localhost", "127.0.0.1", "::1")
    return first if is_named else recorded_address(settings.TICKFOLIO_DATA) or first


def listed(person: PersonView) -> str:
    """A person on one line: address, state, when they came, when they were last here, and whether they are the operator."""
    state = "active" if person.is_active else "deactivated"
    if person.is_active and not person.has_password:
        state = "no password"
    last = f"{person.last_sign_in:%Y-%m-%d %H:%M}" if person.last_sign_in else "never"
    operator = "  operator" if person.is_operator else ""
    return f"{person.email:<40} {state:<12} added {person.joined_at:%Y-%m-%d}  last sign-in {last}{operator}"
