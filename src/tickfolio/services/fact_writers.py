"""Facts of the market are recorded by one at a time."""

from __future__ import annotations

from tickfolio.persistence.models import InstanceFacts


def one_writer() -> None:
    """Within a transaction: waits until nobody else records closes or rates, so that their keys are in the order of the commits.

    Who has seen the newest key has seen all below it.
    """
    InstanceFacts.objects.select_for_update().first()
