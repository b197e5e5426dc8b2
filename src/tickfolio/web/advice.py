"""What a form of a transaction is told beside its errors: prices and rates of the date, and what is missing for a sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from decimal import ROUND_HALF_EVEN, Context, Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, ExchangeRate
from tickfolio.errors import ImpossibleLedger, InsufficientLot, InsufficientQuantity, InvalidSymbol, NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services import suggestions, transactions
from tickfolio.services.portfolios import PortfolioView
from tickfolio.services.rate_gaps import RateGap
from tickfolio.services.suggestions import PriceSuggestion, RateSuggestion
from tickfolio.services.transactions import TransactionView
from tickfolio.web.figures import price_text
from tickfolio.web.forms.moments import day_meant
from tickfolio.web.forms.portfolios import AccountOptionsForm
from tickfolio.web.forms.transactions import TransactionForm
from tickfolio.web.named_values import named
from tickfolio.web.stock_texts import day_text
from tickfolio.words import marked_phrase, phrase

SHORTS_HINT = marked_phrase(
    "To sell short, tick “{label}” in the settings of the account first.",
    label=AccountOptionsForm.base_fields["allows_shorts"].label,
)
_PUBLISHED = Context(prec=6, rounding=ROUND_HALF_EVEN)


def price_advice(suggestion: PriceSuggestion | NotAvailable) -> str:
    """A suggested price with its day and source, or why there is none."""
    if isinstance(suggestion, NotAvailable):
        return phrase("No price to suggest: {reason}.", reason=suggestion.reason)
    price = f"{price_text(suggestion.price, places=2)} {suggestion.currency}"
    was = phrase("closed at") if suggestion.is_close else phrase("is at")
    return phrase(
        "{symbol} {was} {price} on {day_text} ({source})",
        symbol=suggestion.symbol,
        was=was,
        price=price,
        day_text=day_text(suggestion.day),
        source=named(suggestion.source),
    )


def rate_advice(suggestion: RateSuggestion | NotAvailable) -> str:
    """A suggested rate with its day and source, or why there is none."""
    if isinstance(suggestion, NotAvailable):
        return phrase("No rate to suggest: {reason}.", reason=suggestion.reason)
    rate = suggestion.rate
    shown = price_text(short_rate(rate), places=0)
    return phrase(
        "ECB rate of {day_text}: {shown} {quote} for 1 {base}",
        day_text=day_text(suggestion.published_on),
        shown=shown,
        quote=rate.quote,
        base=rate.base,
    )


def gap_advice(gap: RateGap | None, *, may_settle: bool) -> str:
    """Which exchange rate is missing for what is about to be booked, from when on it is known, and what to do; else empty.

    Args:
        may_settle: whether it may say what was really paid in another currency.
    """
    if gap is None:
        return ""
    if gap.known_from is None:
        told = phrase(
            "No exchange rate of {missing} is known for that day: in {base} this has no cost and no result.",
            missing=gap.missing,
            base=gap.base,
        )
    else:
        told = phrase(
            "No exchange rate of {missing} is known before {day}: in {base} this has no cost and no result.",
            missing=gap.missing,
            day=day_text(gap.known_from),
            base=gap.base,
        )
    if not may_settle:
        return told
    way = phrase("If it was paid in {base}, say so with the rate or the amount: then that counts.", base=gap.base)
    return f"{told} {way}"


def short_rate(rate: ExchangeRate) -> Decimal:
    """A rate with as many digits as a bank publishes: an inverse has twelve places, most of them of no use to a person.

    >>> from tickfolio.domain.money import Currency
    >>> short_rate(ExchangeRate(Currency("USD"), Currency("EUR"), Decimal("0.784313725490")))
    Decimal('0.784314')
    """
    return _PUBLISHED.plus(rate.rate).normalize(_PUBLISHED)


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Whose ledger it is that cannot be: what the words about it need to know."""

    actor: Person
    portfolio: PortfolioView
    zone: ZoneInfo


def refusal_text(refusal: ImpossibleLedger, *, zone: ZoneInfo, clock: time | None = None) -> str:
    """What cannot be, with its day in the reader's zone, and the time only where somebody typed one."""
    if refusal.at is None:
        return str(refusal)
    when = phrase("on {day_text}", day_text=day_text(refusal.at.astimezone(zone).date()))
    return refusal.told(phrase("{when} at {clock:%H:%M}", when=when, clock=clock) if clock else when)


def shortfall_text(refusal: ImpossibleLedger, ledgers: Ledgers) -> str:
    """What cannot be without a transaction that is to be deleted: a sale or a transfer that it would leave short."""
    sale = _sale(refusal, ledgers)
    if sale is None:
        return refusal_text(refusal, zone=ledgers.zone)
    return phrase(
        "Without this, {short} Change that {called} first.", short=_short(refusal, sale, ledgers), called=_called(sale)
    )


def shortfall_of(form: TransactionForm, refusal: ImpossibleLedger, ledgers: Ledgers, *, own_id: str = "") -> str:
    """What cannot be with a transaction as it was typed: a sale of more than is held, or another that it leaves short.

    Args:
        own_id: of the transaction that is edited; a new one is in no ledger yet.
    """
    if not isinstance(refusal, InsufficientQuantity):
        # The time of one that is edited stands in its form, whether somebody typed it or not.
        clock = None if own_id or _booked(refusal, ledgers) else form.cleaned_data.get("time")
        return refusal_text(refusal, zone=ledgers.zone, clock=clock)
    sale = None if refusal.transaction == own_id else _sale(refusal, ledgers)
    if sale is not None:
        return phrase("With this, {short}", short=_short(refusal, sale, ledgers))
    typed = form.cleaned_data["quantity"]
    held = price_text(EXACT.subtract(typed, refusal.shortfall), places=0)
    account = next((each.name for each in ledgers.portfolio.accounts if each.id == form.cleaned_data["account_id"]), "")
    symbol, quantity = form.cleaned_data["symbol"].upper(), price_text(typed, places=0)
    told = phrase(
        "Expected at most {held}, the {symbol} that {account} holds then, was {quantity}.",
        held=held,
        symbol=symbol,
        account=account,
        quantity=quantity,
    )
    return f"{told} {SHORTS_HINT}" if form.kind is TransactionType.SELL else told


def field_of(form: TransactionForm, refusal: ImpossibleLedger, ledgers: Ledgers, *, own_id: str) -> str | None:
    """Which field of a form is wrong; None where it is none of them by itself.

    Args:
        own_id: as for `shortfall_of`.
    """
    if isinstance(refusal, InsufficientLot):
        return "lots" if form.chooses_lots and is_own(refusal, ledgers, own_id=own_id) else None
    return "quantity" if "quantity" in form.fields else None


def is_own(refusal: ImpossibleLedger, ledgers: Ledgers, *, own_id: str) -> bool:
    """Whether a ledger cannot be because of the transaction that was just typed, and not of one that is booked.

    Args:
        own_id: as for `shortfall_of`.
    """
    if refusal.transaction == own_id:
        return True
    try:
        transactions.transaction_view(
            actor=ledgers.actor, portfolio_id=ledgers.portfolio.id, transaction_id=refusal.transaction
        )
    except NotFound:
        return True
    return False


def _sale(refusal: ImpossibleLedger, ledgers: Ledgers) -> TransactionView | None:
    """The booked sale that could not be any more; None where it is the one that was just typed."""
    return _booked(refusal, ledgers) if isinstance(refusal, InsufficientQuantity) else None


def _booked(refusal: ImpossibleLedger, ledgers: Ledgers) -> TransactionView | None:
    """What could not be, as it is booked; None where it is the one that was just typed."""
    try:
        return transactions.transaction_view(
            actor=ledgers.actor, portfolio_id=ledgers.portfolio.id, transaction_id=refusal.transaction
        )
    except NotFound:
        return None


def _called(sale: TransactionView) -> str:
    return "sale" if sale.type is TransactionType.SELL else "transfer"


def _short(refusal: ImpossibleLedger, sale: TransactionView, ledgers: Ledgers) -> str:
    assert isinstance(refusal, InsufficientQuantity)
    quantity, short = price_text(sale.quantity, places=0), price_text(refusal.shortfall, places=0)
    day = day_text(sale.at.astimezone(ledgers.zone).date())
    return phrase(
        "the {called} of {quantity} {symbol} on {day} would be of {short} more than {account_name} holds then.",
        called=_called(sale),
        quantity=quantity,
        symbol=sale.symbol,
        day=day,
        short=short,
        account_name=sale.account_name,
    )


def advise(form: TransactionForm, ledgers: Ledgers) -> None:
    """Tells a form that has errors what it would offer as one types: the price of the day, or a new instrument."""
    symbol = _typed_symbol(form, "symbol")
    named = _typed_symbol(form, "new_symbol") if form.has_new_symbol else symbol
    if form.is_bound and named is not None:
        form.is_unknown = form.desk.match_of(named) is None
    if not form.is_bound or symbol is None:
        return
    at = getattr(form, "cleaned_data", {}).get("at")
    if "price" in form.errors and at is not None and not form.is_unknown:
        on = day_meant(form.cleaned_data["day"], form.cleaned_data.get("time"), reading=form.desk.reading)
        suggestion = suggestions.price_suggestion(
            actor=ledgers.actor, portfolio_id=ledgers.portfolio.id, symbol=symbol, at=at, on=on
        )
        form["price"].help_text = price_advice(suggestion)


def _typed_symbol(form: TransactionForm, field: str) -> Symbol | None:
    if field not in form.fields:
        return None
    try:
        return normalise_symbol(str(form[field].value() or ""))
    except InvalidSymbol:
        return None
