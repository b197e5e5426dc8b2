"""Drafts of transfers of instruments, read as the transactions that they mean."""

from __future__ import annotations

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import Transaction, TransferIn, TransferOut
from tickfolio.services.draft_fields import DraftFields
from tickfolio.services.draft_lots import chosen_lots, received_lots
from tickfolio.services.draft_trades import traded_currency
from tickfolio.services.drafts import DraftPlace


def read_transfer_in(fields: DraftFields, place: DraftPlace) -> tuple[Transaction, tuple[Instrument]]:
    """Units from outside, with their lots where those are known."""
    instrument = fields.instrument()
    currency = traded_currency(fields, instrument)
    quantity = fields.positive("quantity", "a quantity")
    lots = received_lots(fields, quantity, currency, by=place["at"])
    fields.check()
    return TransferIn(**place, symbol=instrument.symbol, quantity=quantity, lots=lots), (instrument,)


def read_transfer_out(fields: DraftFields, place: DraftPlace) -> tuple[Transaction, tuple[Instrument]]:
    """Units to another account, or out of the portfolio where none is named."""
    instrument = fields.instrument()
    quantity = fields.positive("quantity", "a quantity")
    to_account = fields.to_account(is_needed=False)
    lots = chosen_lots(fields, quantity, instrument.symbol)
    fields.check()
    transfer = TransferOut(**place, symbol=instrument.symbol, quantity=quantity, to_account=to_account, lots=lots)
    return transfer, (instrument,)
