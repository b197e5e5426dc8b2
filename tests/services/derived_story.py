"""A story that leaves something in every table with something derived in it, for tests of what is derived.

As a program it is told on the database of the environment, with ids that are the same each time, and prints what is derived
before and after everything of it was damaged and rebuilt::

    python -m tests.services.derived_story
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from unittest.mock import patch

from tests.live.market import AAPL, IBM, OPEN

NOW = OPEN + timedelta(minutes=30)
FRIDAY, WEEK_AGO = OPEN - timedelta(days=3), OPEN - timedelta(days=7)


def tell() -> tuple[str, ...]:
    """The portfolios of the story: one with a little of everything, and another one beside it."""
    from tests.services.changes import changes, quote
    from tests.services.import_files import booked, previewed, table, undone
    from tests.services.ledger_entries import add, book, delete, deposit, edit, person, purchase, sale
    from tickfolio.domain.corporate_actions import CashDividend
    from tickfolio.domain.ledger.transactions import TransactionType
    from tickfolio.domain.money import Currency
    from tickfolio.feeds.market_source import ClockPosition
    from tickfolio.runtime.clocks import SystemClock
    from tickfolio.services.corporate_actions import actions_record
    from tickfolio.services.daily_series import series_behind, series_extend
    from tickfolio.services.market_records import market_changes_record

    mine, other = book(person("alice")), book(person("bob"), name="Another")
    prices = quote("510.00", at=NOW), quote("200.00", symbol=IBM, at=NOW)
    market_changes_record(changes=changes(quotes=prices, clock=ClockPosition(run=1, at=NOW)))
    dividend = CashDividend(AAPL, date(2012, 5, 18), Decimal("2.65"), Currency("USD"), pay_date=date(2012, 5, 19))
    actions_record(actions=[dividend], source="test", at=SystemClock().now())
    for each in (mine, other):
        add(each, deposit(each, "20000.00", at=WEEK_AGO))
        add(each, purchase(each, quantity="10", price="530.00", at=WEEK_AGO + timedelta(hours=1)))
    edited = add(mine, sale(mine, quantity="2", price="540.00", at=FRIDAY))
    edit(mine, edited, sale(mine, quantity="3", price="541.25", at=FRIDAY))
    delete(mine, add(mine, deposit(mine, "1.00", at=FRIDAY)))
    add(mine, deposit(mine, "1000.00", currency="EUR", at=FRIDAY))
    add(mine, deposit(mine, "500.00", at=NOW))
    leaving = replace(purchase(mine, quantity="1", at=NOW), type=TransactionType.TRANSFER_OUT, price=None)
    add(mine, leaving)
    stays = table(
        "2012-05-16,deposit,,,,5,USD,,Broker,", "2012-05-17,buy,IBM,1,190,,USD,1,Broker,x", "nonsense,,,,,,,,,"
    )
    booked(mine, previewed(mine, stays))
    goes = table("2012-05-15,deposit,,,,7,USD,,Broker,")
    batch = previewed(mine, goes, name="other.csv")
    booked(mine, batch)
    undone(mine, batch)
    previewed(mine, stays, name="again.csv")
    for portfolio_id in series_behind():
        series_extend(portfolio_id=portfolio_id)
    return mine.portfolio_id, other.portfolio_id


def past_the_door(model: type[Any]) -> Any:
    """The rows of a table as whoever has the database itself sees and changes them: also facts, also anybody's."""
    from django.db.models import QuerySet

    from tickfolio.persistence.tenancy import SystemMark

    return QuerySet(model).filter(SystemMark("test"))


def damage(portfolio_id: str) -> None:
    """All that is derived becomes something else."""
    from tickfolio.persistence.models import DailySeries, DailyValue, ImportBatch, LedgerTransaction, Portfolio

    of_it: Mapping[str, Any] = {"portfolio_id": portfolio_id}
    past_the_door(Portfolio).filter(pk=portfolio_id).update(head=999)
    past_the_door(LedgerTransaction).filter(**of_it).update(symbol="WRONG", version=77, entry_sequence=0, type="fee")
    past_the_door(ImportBatch).filter(**of_it).update(rows_booked=9, rows_known=9, rows_refused=9, rows_ignored=9)
    past_the_door(DailyValue).filter(**of_it).update(growth=Decimal(3), value=Decimal(1), left_out=5)
    past_the_door(DailySeries).filter(**of_it).update(head=1, zone="Mars")


def main() -> int:
    """Tells it and prints what is derived before and after."""
    import django
    from django.core.management import call_command

    random = Random(5)
    # The models take their ids from there, so it is another one before they are imported.
    with patch("uuid.uuid4", lambda: uuid.UUID(int=random.getrandbits(128), version=4)):
        django.setup()
        call_command("migrate", verbosity=0)
        random.seed(5)
        told = _told()
    print(json.dumps(told))  # noqa: T201  # it is read
    return 0


def _told() -> dict[str, list[str]]:
    from tickfolio.services.derived_tables import derived_text
    from tickfolio.services.rebuilding import rebuild
    from tickfolio.services.verification import verify

    portfolios = tell()
    before = [derived_text(each) for each in portfolios]
    for each in portfolios:
        damage(each)
    damaged = [derived_text(each) for each in portfolios]
    for each in portfolios:
        rebuild(portfolio_id=each)
    after = [derived_text(each) for each in portfolios]
    return {"before": before, "damaged": damaged, "after": after, "left": [str(each) for each in verify().mismatches]}


if __name__ == "__main__":
    sys.exit(main())
