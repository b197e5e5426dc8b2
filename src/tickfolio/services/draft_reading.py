"""A draft, read as the transaction that it means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TypedDict, assert_never

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import (
    MAX_AMOUNT,
    MAX_PRICE,
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Settlement,
    Split,
    Transaction,
    TransactionId,
    TransactionType,
    Withdrawal,
)
from tickfolio.domain.money import (
    EXACT,
    MAX_PRICE_PLACES,
    ROUNDING,
    Currency,
    ExchangeRate,
    Money,
    plain,
    rounded,
)
from tickfolio.errors import InvalidDraft, InvalidValue
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.draft_fields import DraftFields
from tickfolio.services.drafts import ReadDraft, Surroundings, TransactionDraft

RATE_TOLERANCE = Decimal("0.01")


def read_draft(
    draft: TransactionDraft, *, surroundings: Surroundings, transaction_id: TransactionId, sequence: int
) -> ReadDraft:
    """The transaction that `draft` means, with the given id and place.

    Raises:
        InvalidDraft: with a message for each field that is wrong.
    """
    if draft.type is None:
        raise InvalidDraft({"type": "Expected a type of transaction."})
    fields = DraftFields(draft, surroundings)
    account = fields.account()
    place: _Place = {
        "id": transaction_id,
        "account": AccountId(account.id),
        "at": fields.at(),
        "sequence": sequence,
    }
    note, home = fields.note(), Currency(account.currency)
    try:
        transaction, instrument = _transaction(fields, draft.type, place, home)
    except InvalidValue as error:
        # What the domain alone knows has no field: the form shows it above them.
        raise InvalidDraft({**fields.errors, "type": str(error)}) from error
    fields.check()
    return ReadDraft(
        transaction=transaction,
        note=note,
        ex_date=draft.ex_date if isinstance(transaction, Dividend) else None,
        new_instrument=instrument if instrument is not None and fields.is_new(instrument) else None,
    )


class _Place(TypedDict):
    """What every transaction has."""

    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int


def _transaction(
    fields: DraftFields, kind: TransactionType, place: _Place, home: Currency
) -> tuple[Transaction, Instrument | None]:
    """The transaction, and the instrument that it names."""
    match kind:
        case TransactionType.BUY | TransactionType.SELL:
            return _trade(fields, kind, place)
        case TransactionType.DIVIDEND:
            return _dividend(fields, place)
        case TransactionType.SPLIT:
            return _split(fields, place)
        case TransactionType.FEE:
            return _fee(fields, place, home)
        case TransactionType.CURRENCY_EXCHANGE:
            return _exchange(fields, place, home), None
        case TransactionType.DEPOSIT | TransactionType.WITHDRAWAL:
            amount = fields.money("amount", "an amount", fields.currency("currency", "a currency", default=home))
            fields.check()
            is_deposit = kind is TransactionType.DEPOSIT
            return (Deposit(**place, amount=amount) if is_deposit else Withdrawal(**place, amount=amount)), None
        case _:
            assert_never(kind)


# ---------- Trades ----------


def _trade(fields: DraftFields, kind: TransactionType, place: _Place) -> tuple[Transaction, Instrument]:
    instrument = fields.instrument()
    currency = _traded_currency(fields, instrument)
    quantity = fields.positive("quantity", "a quantity")
    price, gross = _price_and_gross(fields, instrument, quantity)
    fees = Money(fields.not_negative("fees", "fees"), currency)
    taxes = Money(fields.not_negative("taxes", "taxes"), currency)
    is_sale = kind is TransactionType.SELL
    total = EXACT.add(fees.amount, taxes.amount)
    if is_sale and not fields.errors and total > gross:
        fields.refuse(
            "fees", f"Expected fees and taxes of at most the gross amount {plain(gross)}, were {plain(total)}."
        )
    fields.check()
    moved = EXACT.subtract(gross, total) if is_sale else EXACT.add(gross, total)
    settlement = _settlement(fields, Money(moved, currency))
    make = Sell if is_sale else Buy
    trade = make(
        **place,
        symbol=instrument.symbol,
        quantity=quantity,
        price=price,
        gross=Money(gross, currency),
        fees=fees,
        taxes=taxes,
        settlement=settlement,
    )
    return trade, instrument


def _traded_currency(fields: DraftFields, instrument: Instrument) -> Currency:
    currency = fields.currency("currency", "a currency", default=instrument.currency)
    if currency != instrument.currency and "symbol" not in fields.errors:
        fields.refuse(
            "currency",
            f"Expected {instrument.currency}, the currency of {instrument.symbol}, was {currency}. "
            "Where the account paid in another one, say so in the settlement.",
        )
    return currency


def _price_and_gross(fields: DraftFields, instrument: Instrument, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """Price and gross amount: the one that was not stated follows from the other. A stated gross amount counts as it is."""
    gross = fields.stated("gross", "a gross amount")
    if gross is not None and gross < 0:
        fields.refuse("gross", f"Expected a gross amount of zero or more, was {plain(gross)}.")
    if gross is not None and fields.draft.price is None:
        units = EXACT.multiply(quantity, instrument.contract_size)
        quotient = ROUNDING.divide(EXACT.multiply(gross, instrument.quote_unit), units if units > 0 else Decimal(1))
        if quotient >= MAX_PRICE:
            fields.refuse("gross", f"Expected a gross amount that makes a price below {MAX_PRICE:,}.")
        return rounded(quotient, places=MAX_PRICE_PLACES), gross
    price = fields.not_negative("price", "a price", default=None)
    if gross is not None:
        return price, gross
    product = EXACT.multiply(EXACT.multiply(quantity, price), instrument.contract_size)
    derived = ROUNDING.divide(product, instrument.quote_unit)
    if derived >= MAX_AMOUNT:
        fields.refuse("quantity", f"Expected quantity × price below {MAX_AMOUNT:,}, was {plain(derived)}.")
    return price, derived


def _settlement(fields: DraftFields, total: Money) -> Settlement | None:
    """What moved in cash where that was another currency than the trade's. A stated amount wins over the rate."""
    draft = fields.draft
    if not draft.settlement_currency:
        for field in ("settlement_rate", "settlement_amount"):
            if getattr(draft, field) is not None:
                fields.refuse("settlement_currency", "Expected the currency that was really paid in.")
        fields.check()
        return None
    currency = fields.currency("settlement_currency", "a currency")
    fields.check()
    if currency == total.currency:
        return None
    rate, amount = _rate_and_amount(fields, total, currency)
    fields.check()
    return Settlement(Money(amount, currency), ExchangeRate(total.currency, currency, rate))


def _rate_and_amount(fields: DraftFields, total: Money, currency: Currency) -> tuple[Decimal, Decimal]:
    draft = fields.draft
    if draft.settlement_rate is None and draft.settlement_amount is None:
        fields.refuse("settlement_amount", f"Expected the amount that moved in {currency}, or the rate that was paid.")
        return Decimal(1), Decimal(1)
    if total.amount <= 0:
        fields.refuse(
            "settlement_currency", f"Nothing moved in {total.currency}, so nothing can have moved in {currency}."
        )
        return Decimal(1), Decimal(1)
    if draft.settlement_amount is None:
        rate = fields.positive("settlement_rate", "a rate")
        # Cash moves in whole coins.
        amount = Money(EXACT.multiply(total.amount, rate), currency).to_minor_unit().amount
        if not 0 < amount < MAX_AMOUNT:
            fields.refuse(
                "settlement_rate", f"Expected a rate by which an amount of {currency} moves, was {plain(rate)}."
            )
        return rate, amount
    amount = fields.positive("settlement_amount", "an amount")
    implied = rounded(ROUNDING.divide(amount, total.amount), places=MAX_PRICE_PLACES)
    if draft.settlement_rate is None:
        if not 0 < implied < MAX_PRICE:
            fields.refuse("settlement_amount", f"Expected an amount nearer to {plain(total.amount)} {total.currency}.")
        return implied, amount
    rate = fields.positive("settlement_rate", "a rate")
    _refuse_other_rate(fields, rate, amount, total=total, currency=currency, implied=implied)
    return rate, amount


def _refuse_other_rate(
    fields: DraftFields, rate: Decimal, amount: Decimal, *, total: Money, currency: Currency, implied: Decimal
) -> None:
    """Statements round rates, so a small difference is none; a big one is a slip."""
    coin = Decimal(1).scaleb(-currency.minor_unit)
    allowed = max(EXACT.multiply(amount, RATE_TOLERANCE), coin)
    if abs(EXACT.subtract(EXACT.multiply(total.amount, rate), amount)) > allowed:
        fields.refuse(
            "settlement_rate",
            f"Expected a rate near {plain(implied)}, which the amounts give, was {plain(rate)}. Leave one of them empty.",
        )


# ---------- All else ----------


def _dividend(fields: DraftFields, place: _Place) -> tuple[Transaction, Instrument]:
    instrument = fields.instrument()
    currency = fields.currency("currency", "a currency", default=instrument.currency)
    gross = fields.money("gross", "a gross amount", currency)
    tax = Money(fields.not_negative("taxes", "a withholding tax"), currency)
    if not fields.errors and tax.amount > gross.amount:
        fields.refuse("taxes", f"Expected at most the gross amount {plain(gross.amount)}, was {plain(tax.amount)}.")
    fields.check()
    dividend = Dividend(
        **place,
        symbol=instrument.symbol,
        gross=gross,
        withholding_tax=tax,
        accrues_at=_accrues_at(fields, instrument, paid_at=place["at"]),
        settlement=_settlement(fields, gross - tax),
    )
    return dividend, instrument


def _accrues_at(fields: DraftFields, instrument: Instrument, *, paid_at: datetime) -> datetime | None:
    """The beginning of the ex-date: the opening of its session, or midnight in UTC where there is none."""
    ex_date = fields.draft.ex_date
    if ex_date is None:
        return None
    accrues_at = _opening(instrument, ex_date)
    if ex_date > paid_at.date():
        fields.refuse("ex_date", f"Expected an ex-date on or before the payment on {paid_at:%Y-%m-%d}, was {ex_date}.")
    fields.check()
    return min(accrues_at, paid_at)


def _opening(instrument: Instrument, day: date) -> datetime:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    try:
        session = exchange_calendar(instrument.mic).session_on(day)
    except InvalidValue:  # an exchange without a calendar
        return midnight
    return midnight if session is None else session.opens_at


def _split(fields: DraftFields, place: _Place) -> tuple[Transaction, Instrument]:
    instrument = fields.instrument()
    new = fields.units("split_new", "the units after the split")
    old = fields.units("split_old", "the units before it")
    fields.check()
    if new == old:
        raise InvalidDraft({"split_new": f"Expected another number than {old}, such as 2 new units for 1 old."})
    return Split(**place, symbol=instrument.symbol, new=new, old=old), instrument


def _fee(fields: DraftFields, place: _Place, home: Currency) -> tuple[Transaction, Instrument | None]:
    instrument = fields.instrument() if (fields.draft.symbol or "").strip() else None
    amount = fields.money("amount", "an amount", fields.currency("currency", "a currency", default=home))
    fields.check()
    return Fee(**place, amount=amount, symbol=None if instrument is None else instrument.symbol), instrument


def _exchange(fields: DraftFields, place: _Place, home: Currency) -> Transaction:
    sold = fields.money("amount", "the amount sold", fields.currency("currency", "the currency sold", default=home))
    into = fields.currency("counter_currency", "the currency bought")
    bought = fields.money("counter_amount", "the amount bought", into)
    if into == sold.currency:
        fields.refuse("counter_currency", f"Expected another currency than {into}, the one that was sold.")
    fields.check()
    return CurrencyExchange(**place, sold=sold, bought=bought)
