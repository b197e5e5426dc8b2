"""The lots of a draft: those that a sale or a transfer takes, and those that come with their history."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.trades import require_choices
from tickfolio.domain.ledger.transactions import MAX_AMOUNT, MAX_QUANTITY, LotChoice, ReceivedLot, TransactionId
from tickfolio.domain.money import (
    EXACT,
    MAX_PRICE_PLACES,
    MAX_QUANTITY_PLACES,
    Currency,
    Money,
    decimal_places,
    plain,
)
from tickfolio.errors import InvalidValue
from tickfolio.services.draft_fields import ZERO, DraftFields
from tickfolio.words import phrase


def chosen_lots(fields: DraftFields, quantity: Decimal, symbol: Symbol) -> tuple[LotChoice, ...]:
    """The lots that are to go first; none where none are named."""
    chosen = []
    for lot in fields.draft.lots:
        if not lot.transaction_id:
            fields.refuse("lots", phrase("Expected the purchase that each chosen lot is of, was one without."))
        chosen.append(LotChoice(TransactionId(lot.transaction_id or ""), lot.quantity))
    try:
        require_choices(tuple(chosen), quantity, symbol)
    except InvalidValue as error:
        fields.refuse("lots", str(error))
    return tuple(chosen)


def received_lots(
    fields: DraftFields, quantity: Decimal, currency: Currency, *, by: datetime
) -> tuple[ReceivedLot, ...]:
    """The lots that came with their history by a moment; together they are `quantity`."""
    lots = []
    for number, lot in enumerate(fields.draft.lots, start=1):
        if lot.acquired_at is None or lot.cost is None:
            fields.refuse("lots", phrase("Expected a day and a cost of lot {number}, was one without.", number=number))
            continue
        if lot.acquired_at > by:
            fields.refuse(
                "lots",
                phrase(
                    "Expected lot {number} to be bought by {by:%Y-%m-%d}, was {acquired_at:%Y-%m-%d}.",
                    number=number,
                    by=by,
                    acquired_at=lot.acquired_at,
                ),
            )
        lots.append(ReceivedLot(lot.acquired_at.astimezone(UTC), lot.quantity, Money(lot.cost, currency)))
        _check_lot(fields, number, lot.quantity, lot.cost)
    total = ZERO
    for each in lots if "lots" not in fields.errors else ():
        total = EXACT.add(total, each.quantity)
    if lots and total != quantity and not fields.errors:
        fields.refuse(
            "lots",
            phrase("Expected lots of {expected} together, were {found}.", expected=plain(quantity), found=plain(total)),
        )
    return tuple(lots)


def _check_lot(fields: DraftFields, number: int, quantity: Decimal, cost: Decimal) -> None:
    if not quantity.is_finite() or not 0 < quantity < MAX_QUANTITY:
        fields.refuse(
            "lots",
            phrase(
                "Expected a quantity above zero of lot {number}, was {plain}.", number=number, plain=plain(quantity)
            ),
        )
    elif not cost.is_finite() or not 0 <= cost < MAX_AMOUNT:
        fields.refuse(
            "lots",
            phrase("Expected a cost of zero or more of lot {number}, was {plain}.", number=number, plain=plain(cost)),
        )
    elif decimal_places(quantity) > MAX_QUANTITY_PLACES or decimal_places(cost) > MAX_PRICE_PLACES:
        fields.refuse(
            "lots",
            phrase(
                "Expected at most {max_quantity_places} decimal places of lot {number}, were more.",
                max_quantity_places=MAX_QUANTITY_PLACES,
                number=number,
            ),
        )
