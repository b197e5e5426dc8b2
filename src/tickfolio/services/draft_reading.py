"""A draft, read as the transaction that it means."""

from __future__ import annotations

from typing import Literal, assert_never

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import (
    AccountId,
    CashTransfer,
    CurrencyExchange,
    Deposit,
    DividendPayment,
    Fee,
    FeeRefund,
    InterestCharge,
    Tax,
    TaxRefund,
    Transaction,
    TransactionId,
    TransactionType,
    Withdrawal,
)
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidDraft, InvalidValue
from tickfolio.services.draft_changes import (
    read_merger,
    read_return_of_capital,
    read_spin_off,
    read_split,
    read_stock_dividend,
    read_symbol_change,
)
from tickfolio.services.draft_fields import DraftFields
from tickfolio.services.draft_trades import read_dividend, read_interest, read_reinvested, read_trade
from tickfolio.services.draft_transfers import read_transfer_in, read_transfer_out
from tickfolio.services.drafts import DraftPlace, ReadDraft, Surroundings, TransactionDraft
from tickfolio.words import phrase

type CashType = Literal[
    TransactionType.DEPOSIT,
    TransactionType.WITHDRAWAL,
    TransactionType.CASH_TRANSFER,
    TransactionType.CURRENCY_EXCHANGE,
    TransactionType.FEE,
    TransactionType.FEE_REFUND,
    TransactionType.TAX,
    TransactionType.TAX_REFUND,
    TransactionType.INTEREST_CHARGE,
]
type Reading = tuple[Transaction, tuple[Instrument, ...]]
"""A transaction, and the instruments that it names."""

_CHARGES: dict[TransactionType, type[Fee | FeeRefund | Tax | TaxRefund | InterestCharge]] = {
    TransactionType.FEE: Fee,
    TransactionType.FEE_REFUND: FeeRefund,
    TransactionType.TAX: Tax,
    TransactionType.TAX_REFUND: TaxRefund,
    TransactionType.INTEREST_CHARGE: InterestCharge,
}


def read_draft(
    draft: TransactionDraft, *, surroundings: Surroundings, transaction_id: TransactionId, sequence: int
) -> ReadDraft:
    """The transaction that `draft` means, with the given id and place.

    Raises:
        InvalidDraft: with a message for each field that is wrong.
    """
    if draft.type is None:
        raise InvalidDraft({"type": phrase("Expected a type of transaction.")})
    fields = DraftFields(draft, surroundings)
    account = fields.account()
    place: DraftPlace = {
        "id": transaction_id,
        "account": AccountId(account.id),
        "at": fields.at(),
        "sequence": sequence,
    }
    note, home = fields.note(), Currency(account.currency)
    try:
        transaction, instruments = _transaction(fields, draft.type, place, home)
    except InvalidValue as error:
        # What the domain alone knows has no field: the form shows it above them.
        raise InvalidDraft({**fields.errors, "type": str(error)}) from error
    fields.check()
    return ReadDraft(
        transaction=transaction,
        note=note,
        ex_date=draft.ex_date if isinstance(transaction, DividendPayment) else None,
        new_instruments=tuple(each for each in instruments if fields.is_new(each)),
    )


def _transaction(fields: DraftFields, kind: TransactionType, place: DraftPlace, home: Currency) -> Reading:
    match kind:
        case TransactionType.BUY | TransactionType.SELL:
            return read_trade(fields, kind, place)
        case TransactionType.DIVIDEND:
            return read_dividend(fields, place)
        case TransactionType.DIVIDEND_REINVESTED:
            return read_reinvested(fields, place)
        case TransactionType.INTEREST:
            return read_interest(fields, place, home)
        case TransactionType.TRANSFER_IN:
            return read_transfer_in(fields, place)
        case TransactionType.TRANSFER_OUT:
            return read_transfer_out(fields, place)
        case (
            TransactionType.SPLIT
            | TransactionType.STOCK_DIVIDEND
            | TransactionType.SPIN_OFF
            | TransactionType.MERGER
            | TransactionType.RETURN_OF_CAPITAL
            | TransactionType.SYMBOL_CHANGE
        ):
            return _CAPITAL_CHANGES[kind](fields, place)
        case _:
            return _cash(fields, kind, place, home)


_CAPITAL_CHANGES = {
    TransactionType.SPLIT: read_split,
    TransactionType.STOCK_DIVIDEND: read_stock_dividend,
    TransactionType.SPIN_OFF: read_spin_off,
    TransactionType.MERGER: read_merger,
    TransactionType.RETURN_OF_CAPITAL: read_return_of_capital,
    TransactionType.SYMBOL_CHANGE: read_symbol_change,
}


# ---------- Cash ----------


def _cash(fields: DraftFields, kind: CashType, place: DraftPlace, home: Currency) -> Reading:
    match kind:
        case TransactionType.CURRENCY_EXCHANGE:
            return _exchange(fields, place, home), ()
        case TransactionType.DEPOSIT | TransactionType.WITHDRAWAL:
            amount = fields.money(
                "amount", phrase("an amount"), fields.currency("currency", "a currency", default=home)
            )
            fields.check()
            make = Deposit if kind is TransactionType.DEPOSIT else Withdrawal
            return make(**place, amount=amount), ()
        case TransactionType.CASH_TRANSFER:
            amount = fields.money(
                "amount", phrase("an amount"), fields.currency("currency", "a currency", default=home)
            )
            to_account = fields.to_account(is_needed=True)
            fields.check()
            return CashTransfer(**place, amount=amount, to_account=to_account or AccountId("")), ()
        case (
            TransactionType.FEE
            | TransactionType.FEE_REFUND
            | TransactionType.TAX
            | TransactionType.TAX_REFUND
            | TransactionType.INTEREST_CHARGE
        ):
            return _charge(fields, kind, place, home)
        case _:
            assert_never(kind)


def _charge(fields: DraftFields, kind: TransactionType, place: DraftPlace, home: Currency) -> Reading:
    instrument = fields.perhaps_instrument()
    amount = fields.money("amount", phrase("an amount"), fields.currency("currency", "a currency", default=home))
    fields.check()
    symbol = None if instrument is None else instrument.symbol
    charge = _CHARGES[kind](**place, amount=amount, symbol=symbol)
    return charge, () if instrument is None else (instrument,)


def _exchange(fields: DraftFields, place: DraftPlace, home: Currency) -> Transaction:
    sold = fields.money(
        "amount", phrase("the amount sold"), fields.currency("currency", phrase("the currency sold"), default=home)
    )
    into = fields.currency("counter_currency", phrase("the currency bought"))
    bought = fields.money("counter_amount", phrase("the amount bought"), into)
    if into == sold.currency:
        fields.refuse(
            "counter_currency", phrase("Expected another currency than {into}, the one that was sold.", into=into)
        )
    fields.check()
    return CurrencyExchange(**place, sold=sold, bought=bought)
