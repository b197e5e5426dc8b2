"""Drafts of what companies do to those who hold them, read as the transactions that they mean."""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import (
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Transaction,
)
from tickfolio.domain.money import Currency, Money
from tickfolio.services.draft_fields import DraftFields
from tickfolio.services.drafts import DraftPlace
from tickfolio.words import phrase

type One = tuple[Transaction, tuple[Instrument]]
type Two = tuple[Transaction, tuple[Instrument, Instrument]]


def read_split(fields: DraftFields, place: DraftPlace) -> One:
    """New units for old ones."""
    instrument = fields.instrument()
    new, old = _ratio(fields, phrase("the split"))
    in_lieu = _in_lieu(fields, instrument)
    if not fields.errors and new == old:
        fields.refuse(
            "split_new", phrase("Expected another number than {old}, such as 2 new units for 1 old.", old=old)
        )
    fields.check()
    return Split(**place, symbol=instrument.symbol, new=new, old=old, cash_in_lieu=in_lieu), (instrument,)


def read_stock_dividend(fields: DraftFields, place: DraftPlace) -> One:
    """Units that came for nothing."""
    instrument = fields.instrument()
    quantity = fields.positive("quantity", phrase("the units that came"))
    fields.check()
    return StockDividend(**place, symbol=instrument.symbol, quantity=quantity), (instrument,)


def read_spin_off(fields: DraftFields, place: DraftPlace) -> Two:
    """Units of another company beside those that are held."""
    old = fields.instrument()
    new = fields.new_instrument(old)
    units, for_units = _ratio(fields, phrase("the spin-off"))
    share, in_lieu = fields.share("cost_share", phrase("the share of the cost that moves")), _in_lieu(fields, old)
    if share is None:
        fields.refuse("cost_share", phrase("Expected the share of the cost that moves, such as 0.15 for 15 %."))
    fields.check()
    spin_off = SpinOff(
        **place,
        symbol=old.symbol,
        new_symbol=new.symbol,
        new=units,
        old=for_units,
        cost_share=share or Decimal(0),
        cash_in_lieu=in_lieu,
    )
    return spin_off, (old, new)


def read_merger(fields: DraftFields, place: DraftPlace) -> Two:
    """Units of another company for those that are held, and perhaps cash."""
    old = fields.instrument()
    new = fields.new_instrument(old)
    units, for_units = _ratio(fields, phrase("the merger"))
    cash = fields.perhaps_money("amount", phrase("the cash that came"), _currency(fields, old))
    share, in_lieu = (
        fields.share("cost_share", phrase("the share of the cost that goes with the cash")),
        _in_lieu(fields, old),
    )
    if share is not None and cash is None:
        fields.refuse("cost_share", phrase("Expected cash where a share of the cost goes with it, was none."))
    fields.check()
    merger = Merger(
        **place,
        symbol=old.symbol,
        new_symbol=new.symbol,
        new=units,
        old=for_units,
        cash=cash,
        cost_share=share,
        cash_in_lieu=in_lieu,
    )
    return merger, (old, new)


def read_return_of_capital(fields: DraftFields, place: DraftPlace) -> One:
    """Cash that lowers the cost."""
    instrument = fields.instrument()
    amount = fields.money("amount", phrase("an amount"), _currency(fields, instrument))
    fields.check()
    return ReturnOfCapital(**place, symbol=instrument.symbol, amount=amount), (instrument,)


def read_symbol_change(fields: DraftFields, place: DraftPlace) -> Two:
    """The same instrument under another symbol."""
    old = fields.instrument()
    new = fields.new_instrument(old)
    fields.check()
    return SymbolChange(**place, symbol=old.symbol, new_symbol=new.symbol), (old, new)


def _ratio(fields: DraftFields, what: str) -> tuple[int, int]:
    return fields.units("split_new", phrase("the units after {what}", what=what)), fields.units(
        "split_old", phrase("the units before it")
    )


def _currency(fields: DraftFields, instrument: Instrument) -> Currency:
    return fields.currency("currency", "a currency", default=instrument.currency)


def _in_lieu(fields: DraftFields, instrument: Instrument) -> Money | None:
    return fields.perhaps_money("cash_in_lieu", phrase("the cash for a fraction"), _currency(fields, instrument))
