"""The scenario format as it stands in a file: which fields there are, and nothing of what they mean.

docs/reference/scenario.schema.json is made from these classes.

**Source**: docs/reference/scenario-format.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tickfolio.statements.scenario.actions import GivenAction
from tickfolio.statements.scenario.parts import Booked, Code, Given, Moment, Months, Name, Number, Whole
from tickfolio.statements.scenario.questions import GivenQuestion

type ClassName = Literal["equity", "fund", "bond", "option", "crypto", "commodity", "other"]


class GivenSource(Given, kw_only=True):
    """Who says so."""

    id: Name
    publisher: Name
    title: str
    section: str = ""
    url: str = ""
    date: str = ""


class GivenAccount(Given, kw_only=True):
    """An account and how its lots are matched."""

    id: Name
    method: Literal["fifo", "lifo", "hifo", "average", "specific"] = "fifo"
    cash_method: Literal["fifo", "average"] = "fifo"
    fees_in_cost: bool = True
    allows_shorts: bool = False
    actions: Literal["all", "units", "none"] = "all"


class GivenInstrument(Given, kw_only=True):
    """What is traded."""

    symbol: Name
    currency: Code
    name: str = ""
    instrument_class: ClassName = msgspec.field(default="equity", name="class")
    contract_size: Number = "1"
    quote_unit: Number = "1"
    country: str = ""


class GivenPrice(Given, kw_only=True):
    """What a unit cost from then on."""

    symbol: Name
    at: Moment
    price: Number


class GivenRate(Given, kw_only=True):
    """Units of `to` for one of `from`, from then on."""

    from_currency: Code = msgspec.field(name="from")
    to_currency: Code = msgspec.field(name="to")
    at: Moment
    rate: Number


class GivenFlowValuation(Given, kw_only=True):
    """What the portfolio was worth just before a flow."""

    transaction: Name
    value: Number


class GivenChoice(Given, kw_only=True):
    """Units of the lot of one purchase."""

    transaction: Name
    quantity: Number


class GivenLot(Given, kw_only=True):
    """A lot that was transferred in."""

    acquired: Moment
    quantity: Number
    cost: Number


# ---------- Transactions ----------


class GivenDeposit(Booked, tag="deposit", kw_only=True):
    """Cash from outside."""

    amount: Number
    currency: Code = ""


class GivenWithdrawal(Booked, tag="withdrawal", kw_only=True):
    """Cash to outside."""

    amount: Number
    currency: Code = ""


class GivenCashTransfer(Booked, tag="cash_transfer", kw_only=True):
    """Cash to another account."""

    amount: Number
    to_account: Name
    currency: Code = ""


class GivenExchange(Booked, tag="currency_exchange", kw_only=True):
    """One currency for another."""

    amount: Number
    currency: Code
    counter_amount: Number
    counter_currency: Code


class GivenTrade(Booked, kw_only=True):
    """A purchase or a sale."""

    symbol: Name
    quantity: Number
    price: Number
    gross: Number = ""
    fees: Number = "0"
    taxes: Number = "0"
    currency: Code = ""
    settlement_currency: Code = ""
    settlement_amount: Number = ""
    settlement_rate: Number = ""


class GivenBuy(GivenTrade, tag="buy", kw_only=True):
    """A purchase."""


class GivenSell(GivenTrade, tag="sell", kw_only=True):
    """A sale."""

    lots: tuple[GivenChoice, ...] = ()


class GivenTransferIn(Booked, tag="transfer_in", kw_only=True):
    """Units from outside, with their history or without."""

    symbol: Name
    received: tuple[GivenLot, ...] = ()
    quantity: Number = ""
    currency: Code = ""


class GivenTransferOut(Booked, tag="transfer_out", kw_only=True):
    """Units to another account or to outside."""

    symbol: Name
    quantity: Number
    to_account: str = ""
    lots: tuple[GivenChoice, ...] = ()


class GivenDividend(Booked, tag="dividend", kw_only=True):
    """A cash dividend."""

    symbol: Name
    gross: Number
    taxes: Number = "0"
    ex_date: Moment = ""
    currency: Code = ""
    settlement_currency: Code = ""
    settlement_amount: Number = ""
    settlement_rate: Number = ""


class GivenReinvested(Booked, tag="dividend_reinvested", kw_only=True):
    """A dividend and what it bought."""

    symbol: Name
    gross: Number
    quantity: Number
    price: Number
    taxes: Number = "0"
    fees: Number = "0"
    ex_date: Moment = ""
    currency: Code = ""


class GivenInterest(Booked, tag="interest", kw_only=True):
    """Interest that was paid."""

    amount: Number
    taxes: Number = "0"
    symbol: str = ""
    currency: Code = ""


class GivenCharge(Booked, kw_only=True):
    """What was paid besides, or came back."""

    amount: Number
    symbol: str = ""
    currency: Code = ""


class GivenInterestCharge(GivenCharge, tag="interest_charge", kw_only=True):
    """Interest that had to be paid."""


class GivenFee(GivenCharge, tag="fee", kw_only=True):
    """A fee."""


class GivenFeeRefund(GivenCharge, tag="fee_refund", kw_only=True):
    """A fee that came back."""


class GivenTax(GivenCharge, tag="tax", kw_only=True):
    """A tax."""


class GivenTaxRefund(GivenCharge, tag="tax_refund", kw_only=True):
    """A tax that came back."""


class GivenSplit(Booked, tag="split", kw_only=True):
    """New units for old."""

    symbol: Name
    new: Whole
    old: Whole
    cash_in_lieu: Number = ""


class GivenStockDividend(Booked, tag="stock_dividend", kw_only=True):
    """Units for nothing."""

    symbol: Name
    quantity: Number


class GivenSpinOff(Booked, tag="spin_off", kw_only=True):
    """Units of another instrument besides."""

    symbol: Name
    new_symbol: Name
    new: Whole
    old: Whole
    cost_share: Number
    cash_in_lieu: Number = ""


class GivenMerger(Booked, tag="merger", kw_only=True):
    """Units of another instrument instead."""

    symbol: Name
    new_symbol: Name
    new: Whole
    old: Whole
    cash: Number = ""
    cost_share: Number = ""
    cash_in_lieu: Number = ""


class GivenReturn(Booked, tag="return_of_capital", kw_only=True):
    """Cash that lowers the cost."""

    symbol: Name
    amount: Number
    currency: Code = ""


class GivenSymbolChange(Booked, tag="symbol_change", kw_only=True):
    """Another symbol."""

    symbol: Name
    new_symbol: Name


type GivenOther = (
    GivenDeposit
    | GivenWithdrawal
    | GivenCashTransfer
    | GivenExchange
    | GivenTransferIn
    | GivenTransferOut
    | GivenDividend
    | GivenReinvested
    | GivenInterest
    | GivenInterestCharge
    | GivenFee
    | GivenFeeRefund
    | GivenTax
    | GivenTaxRefund
    | GivenSplit
    | GivenStockDividend
    | GivenSpinOff
    | GivenMerger
    | GivenReturn
    | GivenSymbolChange
)
type GivenTransaction = GivenBuy | GivenSell | GivenOther


class GivenFile(Given, kw_only=True):
    """A file besides its transactions."""

    format: Literal["tickfolio-scenario/1"]
    title: Name
    base_currency: Code
    accounts: Annotated[tuple[GivenAccount, ...], Meta(min_length=1)]
    questions: tuple[GivenQuestion, ...]
    sources: tuple[GivenSource, ...] = ()
    instruments: tuple[GivenInstrument, ...] = ()
    corporate_actions: tuple[GivenAction, ...] = ()
    prices: tuple[GivenPrice, ...] = ()
    rates: tuple[GivenRate, ...] = ()
    flow_valuations: tuple[GivenFlowValuation, ...] = ()
    time_zone: str = "UTC"
    day_count: Literal["actual", "inclusive", "thirty_360"] = "actual"
    long_term_months: Months = 12
    note: str = ""


class GivenScenario(GivenFile, kw_only=True):
    """A file."""

    transactions: tuple[GivenTransaction, ...]


def schema() -> bytes:
    """The format as a JSON schema, indented."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(GivenScenario)), indent=2) + b"\n"
