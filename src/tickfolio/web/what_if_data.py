"""What a trade would close, for the scripts that work out what it would bring; frontend/src/cells/what_if.ts reads it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.options import CostMethod
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Money, plain
from tickfolio.services.what_if import Outcome, UsedLot, WhatIf
from tickfolio.web.figures import price_text
from tickfolio.web.forms.lots import named_lots
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import marked_phrase, phrase

METHOD_NAMES = {
    CostMethod.FIFO: "FIFO",
    CostMethod.LIFO: "LIFO",
    CostMethod.HIFO: "HIFO",
    CostMethod.AVERAGE: marked_phrase("Average"),
    CostMethod.SPECIFIC: marked_phrase("Oldest first"),
}
PICKED = marked_phrase("Picked lots")


def what_if_data(found: WhatIf, *, zone: ZoneInfo) -> dict[str, object]:
    """The document. Amounts are texts; what is not available is null beside its reason.

    Args:
        zone: by whose days lots are named.
    """
    instrument = found.instrument
    return {
        "account": found.account_id,
        "account_name": found.account_name,
        "symbol": instrument.symbol,
        "currency": instrument.currency.code,
        "coins": instrument.currency.minor_unit,
        "base": found.base.code,
        "base_coins": found.base.minor_unit,
        "contract_size": plain(instrument.contract_size),
        "quote_unit": plain(instrument.quote_unit),
        "fees_in_cost": found.options.fees_in_cost,
        "is_short": found.is_short,
        "held": plain(found.held.copy_abs()),
        "quantity": plain(found.quantity),
        "problem": _excess(found),
        "price": None if found.price is None else plain(found.price),
        "rate": _known(found.rate),
        "rate_reason": found.rate.reason if isinstance(found.rate, NotAvailable) else "",
        "head": found.head,
        "lots": [
            {
                "id": named.lot.transaction_id,
                "name": _lot_name(named.lot.acquired_at.astimezone(zone).date(), named.number, named.name),
                "held": plain(named.lot.quantity),
            }
            for named in named_lots(found.lots, zone=zone)
            if named.lot.quantity > 0
        ],
        "outcomes": [_outcome(each) for each in found.outcomes],
    }


def _excess(found: WhatIf) -> str:
    """That more is asked for than is held, and by how much; empty where it is not."""
    if not found.excess:
        return ""
    held, asked, more = (price_text(each, places=0) for each in (abs(found.held), found.quantity, found.excess))
    state = phrase("is short of") if found.is_short else "holds"
    return phrase(
        "Expected at most {held}, what {account_name} {state}, was {asked}: {more} more.",
        held=held,
        account_name=found.account_name,
        state=state,
        asked=asked,
        more=more,
    )


def _lot_name(day: date, number: int, name: str) -> str:
    """``14 Mar 2023``, or ``14 Mar 2023 #2`` for the second of a day."""
    return f"{short_day_text(day)} #{number}" if "#" in name else short_day_text(day)


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "method": outcome.method.value,
        "name": PICKED if outcome.is_picked else METHOD_NAMES[outcome.method],
        "is_own": outcome.is_own,
        "is_picked": outcome.is_picked,
        "problem": outcome.problem,
        "used": [_used(lot) for lot in outcome.used],
        "left": _known(outcome.left),
        "left_reason": outcome.left.reason if isinstance(outcome.left, NotAvailable) else "",
    }


def _used(lot: UsedLot) -> dict[str, object]:
    opened = lot.opened if isinstance(lot.opened, Money) else None
    lacking = next((each.reason for each in (lot.opened, lot.base) if isinstance(each, NotAvailable)), "")
    return {
        "lot": lot.transaction_id,
        "acquired": None if isinstance(lot.acquired, NotAvailable) else short_day_text(lot.acquired),
        "days": None if isinstance(lot.days, NotAvailable) else lot.days,
        "term": lot.term.value if lot.term and not isinstance(lot.term, NotAvailable) else None,
        "quantity": plain(lot.quantity),
        "opened": None if opened is None else plain(opened.amount),
        "currency": None if opened is None else opened.currency.code,
        "base": _known(lot.base),
        "rate": _known(lot.rate),
        "reason": lacking,
    }


def _known(value: Decimal | NotAvailable) -> str | None:
    return None if isinstance(value, NotAvailable) else plain(value)
