"""A second process that books through the services without a pause: `python -m tests.faults.ledger_writer [--pause S]`.

It reads where the database is from the environment, as the product does. Every line that it prints is of something that was
acknowledged: `ID VERSION`, after the commit.
"""

import argparse
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tickfolio.config.settings")

import django

django.setup()

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.portfolios import account_create, portfolio_create
from tickfolio.services.transactions import TransactionView, transaction_add, transaction_delete, transaction_edit

DAY_ONE = datetime(2012, 1, 2, 12, tzinfo=UTC)


def main(pause: float) -> None:
    """Adds, edits and deletes in a portfolio of its own until it is ended."""
    user, _is_new = User.objects.get_or_create(email="writer@example.org")
    actor = Person(user.pk)
    portfolio = portfolio_create(actor=actor, name="Written to", base_currency="EUR")
    account = account_create(actor=actor, portfolio_id=portfolio.id, name="Bank", currency="EUR")
    choices, living, number = random.Random(1), list[TransactionView](), 0
    while True:
        number += 1
        draft = TransactionDraft(
            type=TransactionType.DEPOSIT,
            account_id=account.id,
            at=DAY_ONE + timedelta(minutes=number),
            amount=Decimal(number) / 100,
            note=f"number {number}",
        )
        action = choices.random()
        if action < 0.2 and living:
            old = living.pop(choices.randrange(len(living)))
            transaction_delete(
                actor=actor, portfolio_id=portfolio.id, transaction_id=old.id, expected_version=old.version
            )
            acknowledge(old.id, old.version + 1)
        else:
            if action < 0.5 and living:
                old = living.pop(choices.randrange(len(living)))
                view = transaction_edit(
                    actor=actor,
                    portfolio_id=portfolio.id,
                    transaction_id=old.id,
                    draft=draft,
                    expected_version=old.version,
                )
            else:
                view = transaction_add(actor=actor, portfolio_id=portfolio.id, draft=draft)
            living.append(view)
            acknowledge(view.id, view.version)
        time.sleep(pause)


def acknowledge(transaction_id: str, version: int) -> None:
    """Says that something has been committed."""
    sys.stdout.write(f"{transaction_id} {version}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pause", type=float, default=0.0)
    main(parser.parse_args().pause)
