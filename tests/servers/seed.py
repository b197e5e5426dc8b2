"""People and portfolios in the data of a product, made through the services by a process of its own.

``python -m tests.servers.seed`` reads plans as JSON from standard input, one a line, and answers each with the ids that it
made; it ends with its input. Such a process stays with its product, since it takes longer to start than to work. A plan is
`{"people": [{"email", "password", "token", "portfolios": [{"name", "currency", "accounts": [{"name", "currency"}],
"transactions": [{"account", "type", "at", …}]}]}]}`; a transaction's other keys are those of a draft.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.product import Product

DECIMALS = {
    "quantity",
    "price",
    "gross",
    "fees",
    "taxes",
    "settlement_rate",
    "settlement_amount",
    "amount",
    "counter_amount",
}


def seed(product: Product, plan: dict[str, Any]) -> dict[str, Any]:
    """Carries out `plan` in the product's data; returns the same plan with the ids of what was made."""
    complaints = product.folder / "seeding"
    if product.companion is None:
        with complaints.open("wb") as log:
            product.companion = subprocess.Popen(
                [sys.executable, "-m", "tests.servers.seed"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**product.environment, "TICKFOLIO_DATA": str(product.data)},
                cwd=Path(__file__).parents[2],
                text=True,
            )
    asked, answered = product.companion.stdin, product.companion.stdout
    assert asked is not None
    assert answered is not None
    with contextlib.suppress(BrokenPipeError):  # it has said why
        print(json.dumps(plan), file=asked, flush=True)
    answer = answered.readline()
    assert answer, complaints.read_text(errors="replace")
    made: dict[str, Any] = json.loads(answer)
    return made


def main() -> None:
    """Reads plans, carries each out, writes it with its ids."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")
    import django

    django.setup()
    from django.db import connection

    for line in sys.stdin:
        plan = json.loads(line)
        for person in plan["people"]:
            _make_person(person)
        connection.close()  # a product may be stopped and its files changed until the next plan
        print(json.dumps(plan), flush=True)  # noqa: T201  # it is what was asked for


def _make_person(person: dict[str, Any]) -> None:
    from allauth.account.models import EmailAddress

    from tickfolio.identity.models import User
    from tickfolio.persistence.tenancy import Person

    user = User.objects.filter(email=person["email"]).first()
    if user is None:
        user = User.objects.create_user(
            person["email"], person["password"], time_zone=person.get("time_zone", "Europe/Berlin")
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    person["id"] = user.pk
    if "token" in person:
        _make_token(Person(user.pk), person)
    for portfolio in person.get("portfolios", []):
        _make_portfolio(Person(user.pk), portfolio)


def _make_token(owner: Any, person: dict[str, Any]) -> None:
    """One for programs; the plan has its name, and is given its id and its text."""
    from tickfolio.services import tokens

    made = tokens.token_make(actor=owner, name=person["token"], days=None)
    person["token"] = {"id": made.view.id, "text": made.text}


def _make_portfolio(owner: Any, portfolio: dict[str, Any]) -> None:
    from tickfolio.services import members, portfolios

    made = portfolios.portfolio_create(actor=owner, name=portfolio["name"], base_currency=portfolio["currency"])
    portfolio["id"] = made.id
    for account in portfolio.get("accounts", []):
        account["id"] = portfolios.account_create(
            actor=owner, portfolio_id=made.id, name=account["name"], currency=account["currency"]
        ).id
    accounts = {account["name"]: account["id"] for account in portfolio.get("accounts", [])}
    for transaction in portfolio.get("transactions", []):
        transaction["id"] = _book(owner, made.id, accounts, transaction)
    for email, role in portfolio.get("members", {}).items():
        members.member_add(actor=owner, portfolio_id=made.id, email=email, role=role)


def _book(owner: Any, portfolio_id: str, accounts: dict[str, str], transaction: dict[str, Any]) -> str:
    from tickfolio.domain.ledger.transactions import TransactionType
    from tickfolio.services.drafts import TransactionDraft
    from tickfolio.services.transactions import transaction_add

    parts: dict[str, Any] = {name: Decimal(value) if name in DECIMALS else value for name, value in transaction.items()}
    kind, account, at = parts.pop("type"), parts.pop("account"), parts.pop("at")
    draft = TransactionDraft(
        type=TransactionType(kind), account_id=accounts[account], at=datetime.fromisoformat(at), **parts
    )
    return transaction_add(actor=owner, portfolio_id=portfolio_id, draft=draft).id


if __name__ == "__main__":
    main()
