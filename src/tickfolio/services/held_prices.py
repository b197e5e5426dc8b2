"""Prices in quarantine: an operator believes one, or takes that back before the engine has heard it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from tickfolio.domain.market.plausibility import Doubt
from tickfolio.errors import InvalidDraft
from tickfolio.persistence.models import HeldPriceRecord
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.operators import require_operator
from tickfolio.words import phrase


@transaction.atomic
def held_release(*, actor: Person, symbol: str, price: Decimal) -> None:
    """Believes the price of `symbol` that is held back; the engine hears of it within seconds.

    Args:
        price: the one that the operator has seen; another one that is held by now is not believed in its place.

    Raises:
        NotFound: the actor is no operator.
        InvalidDraft: no price of that instrument is held back any more, it is another one, or it is in another currency.
    """
    require_operator(actor=actor)
    row = _held(symbol)
    if row.price != price:
        raise InvalidDraft(
            {
                "price": phrase(
                    "Expected the price that is held back, {price:f}, was {price2:f}. Look again.",
                    price=row.price,
                    price2=price,
                )
            }
        )
    if row.doubt == Doubt.CURRENCY:
        raise InvalidDraft(
            {
                "price": phrase(
                    "Expected a price in the currency of {symbol}, was one in another: it has no worth there.",
                    symbol=symbol[:32],
                )
            }
        )
    if row.released_at is None:
        row.released_at, row.released_by_id = SystemClock().now(), actor.user_id
        row.save(update_fields=["released_at", "released_by"])


@transaction.atomic
def held_keep(*, actor: Person, symbol: str) -> None:
    """Holds a price after all that was believed a moment ago. One that nobody believes yet stays held.

    Raises:
        NotFound: the actor is no operator.
        InvalidDraft: it is held no longer: the engine has taken it, or it went by itself.
    """
    require_operator(actor=actor)
    row = _held(symbol)
    row.released_at = row.released_by = None
    row.save(update_fields=["released_at", "released_by"])


def _held(symbol: str) -> HeldPriceRecord:
    row = HeldPriceRecord.objects.select_for_update(of=("self",)).filter(instrument__symbol=symbol).first()
    if row is None:
        raise InvalidDraft(
            {
                "symbol": phrase(
                    "Expected an instrument whose price is held back, was {symbol}, which has none by now.",
                    symbol=repr(symbol[:32]),
                )
            }
        )
    return row
