"""A transaction in one line, read where somebody writes it: which instrument and account it means, and what is suggested.

What the line says becomes the fields of the form, so that the two book the same by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from functools import partial

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.errors import InvalidValue
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.persistence.tenancy import Person
from tickfolio.services import suggestions
from tickfolio.services.ledgers import book_of
from tickfolio.services.portfolios import AccountView, PortfolioView
from tickfolio.services.rate_gaps import RateGap, rate_gap
from tickfolio.services.suggestions import PriceSuggestion, RateSuggestion
from tickfolio.statements.fast_entry.line import Ground, Line, Part, PartKind
from tickfolio.statements.fast_entry.reading import read_line
from tickfolio.web.advice import SHORTS_HINT, short_rate
from tickfolio.web.currencies import CURRENCY_NAMES
from tickfolio.web.figures import price_text
from tickfolio.web.forms.desk import Desk
from tickfolio.web.forms.moments import day_meant
from tickfolio.web.forms.transactions import TransactionForm
from tickfolio.words import marked_phrase, phrase

LONGEST_LINE = 500
MOST_CHOICES = 5
TRADES = frozenset({TransactionType.BUY, TransactionType.SELL})
OF_INSTRUMENT = TRADES | {TransactionType.DIVIDEND}
GROSS = OF_INSTRUMENT | {TransactionType.INTEREST}
"""The types whose amount stands in the field of the amount before costs."""
TOO_LONG = marked_phrase("Expected a line of at most {count} characters, was longer.", count=LONGEST_LINE)
PARTS_OF_FIELDS = {
    "symbol": PartKind.INSTRUMENT,
    "account_id": PartKind.ACCOUNT,
    "day": PartKind.DAY,
    "at": PartKind.DAY,
    "time": PartKind.TIME,
    "quantity": PartKind.QUANTITY,
    "price": PartKind.PRICE,
    "gross": PartKind.AMOUNT,
    "amount": PartKind.AMOUNT,
    "currency": PartKind.AMOUNT,
    "fees": PartKind.FEE,
    "taxes": PartKind.TAX,
    "settlement_currency": PartKind.SETTLEMENT,
    "settlement_rate": PartKind.RATE,
    "settlement_amount": PartKind.RATE,
    "note": PartKind.NOTE,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a person saw suggested and books: the price and the rate, as the fields of the form have them."""

    price: str = ""
    rate: str = ""


NOTHING_TAKEN = Taken()


@dataclass(frozen=True, slots=True)
class FastEntry:
    """A line as it is understood here.

    Attributes:
        fields: what stands in the form of its type.
        form: that form; None where the type is not known yet.
        instrument: what its words name; None where nobody knows or several are meant.
        choices: what they may mean, where that is not one.
        account: where it is booked; of its own where the line names none.
        price, rate: what is suggested for what the line leaves out.
        faults: what is wrong beyond the line itself, by part.
        gap: the exchange rate that is missing for it.
    """

    line: Line
    fields: Mapping[str, str] = field(default_factory=dict)
    form: TransactionForm | None = None
    instrument: InstrumentMatch | None = None
    choices: tuple[InstrumentMatch, ...] = ()
    account: AccountView | None = None
    price: PriceSuggestion | NotAvailable | None = None
    rate: RateSuggestion | NotAvailable | None = None
    faults: Mapping[PartKind, str] = field(default_factory=dict)
    gap: RateGap | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be booked as it stands."""
        return self.form is not None and self.line.is_whole and not self.faults

    def refused(self, errors: Mapping[str | None, str]) -> FastEntry:
        """With what a service found wrong, by fields of the form."""
        faults = {PARTS_OF_FIELDS.get(name or "", PartKind.UNKNOWN): text for name, text in errors.items()}
        return replace(self, faults={**self.faults, **faults})


def ground_of(portfolio: PortfolioView, desk: Desk) -> Ground:
    """What a line is read against."""
    return Ground(
        today=desk.reading.today,
        accounts=[(account.id, account.name) for account in portfolio.accounts],
        currencies=frozenset(CURRENCY_NAMES) | frozenset(desk.currencies),
        mark=desk.mark,
    )


def understood(
    text: str, *, actor: Person, portfolio: PortfolioView, desk: Desk, taken: Taken = NOTHING_TAKEN
) -> FastEntry:
    """A line as this person means it in this portfolio."""
    if len(text) > LONGEST_LINE:
        whole = Part(PartKind.UNKNOWN, 0, len(text), fault=TOO_LONG)
        return FastEntry(Line(text, (whole,)))
    return _Understanding(read_line(text, ground=ground_of(portfolio, desk)), actor, portfolio, desk, taken).entry()


class _Understanding:
    def __init__(self, line: Line, actor: Person, portfolio: PortfolioView, desk: Desk, taken: Taken) -> None:
        self._line = line
        self._actor = actor
        self._portfolio = portfolio
        self._desk = desk
        self._taken = taken
        self._faults: dict[PartKind, str] = {}
        self._price: PriceSuggestion | NotAvailable | None = None
        self._rate: RateSuggestion | NotAvailable | None = None

    def entry(self) -> FastEntry:
        kind = self._line.type
        instrument, choices = self._named()
        account = self._account(kind, instrument)
        entry = FastEntry(self._line, instrument=instrument, choices=choices, account=account)
        if kind is None:
            return replace(entry, faults=self._faults)
        own = self._own_currency(kind, instrument, account)
        self._check_currencies(kind, own)
        fields = self._fields(kind, instrument, account)
        form = self._filled(kind, fields, instrument, own)
        entry = replace(entry, fields=fields, form=form, price=self._price, rate=self._rate, faults=self._faults)
        return replace(entry, gap=self._gap(form, own))

    # ---------- What words name ----------

    def _named(self) -> tuple[InstrumentMatch | None, tuple[InstrumentMatch, ...]]:
        part = self._line.part(PartKind.INSTRUMENT)
        if part is None:
            return None, ()
        text = str(part.value)
        found = suggestions.instrument_search(
            actor=self._actor,
            portfolio_id=self._portfolio.id,
            text=text,
            limit=MOST_CHOICES,
            feeds=partial(suggestions.found_by_feeds, actor=self._actor),
        )
        wanted = text.upper()
        exact = next((each for each in found if wanted in (each.symbol, each.isin)), None)
        only = found[0] if len(found) == 1 and found[0].name.upper().startswith(wanted) else None
        if exact is not None or only is not None:
            return exact or only, ()
        hint = phrase("Choose one below.") if found else phrase("The form can record it as your own.")
        self._faults[PartKind.INSTRUMENT] = phrase(
            "Expected an instrument that is known here, was {text}. {hint}", text=text[:40], hint=hint
        )
        return None, found

    def _account(self, kind: TransactionType | None, instrument: InstrumentMatch | None) -> AccountView | None:
        """The account of the line; else where the instrument was booked last, or one of the currency, or the first."""
        accounts = {account.id: account for account in self._portfolio.accounts}
        part = self._line.part(PartKind.ACCOUNT)
        if part is not None:
            return accounts.get(str(part.value))
        if instrument is not None and len(accounts) > 1:
            symbol = Symbol(instrument.symbol)
            booked = book_of(actor=self._actor, portfolio_id=self._portfolio.id).book.transactions
            last = next((each.account for each in reversed(booked) if getattr(each, "symbol", None) == symbol), None)
            if last is not None:
                return accounts.get(last)
        amount = self._line.part(PartKind.AMOUNT)
        code = amount.currency if amount is not None and kind not in OF_INSTRUMENT else ""
        wanted = code or (instrument.currency if instrument is not None else "")
        own = (account for account in accounts.values() if account.currency == wanted)
        return next(own, next(iter(accounts.values()), None))

    def _own_currency(
        self, kind: TransactionType, instrument: InstrumentMatch | None, account: AccountView | None
    ) -> str:
        """The currency that the amounts are in where none stands beside them."""
        amount = self._line.part(PartKind.AMOUNT)
        if kind not in TRADES and amount is not None and amount.currency:
            return amount.currency
        if kind in OF_INSTRUMENT and instrument is not None:
            return instrument.currency
        return account.currency if account is not None and kind not in TRADES else ""

    def _check_currencies(self, kind: TransactionType, own: str) -> None:
        """The price, the amount, the fee and the tax of one transaction are in one currency."""
        for each in (PartKind.PRICE, PartKind.AMOUNT, PartKind.FEE, PartKind.TAX):
            part = self._line.part(each)
            if part is None or not part.currency or not own or part.currency == own:
                continue
            hint = (
                phrase(" Write in {currency} where it was settled so.", currency=part.currency)
                if kind in TRADES
                else ""
            )
            self._faults[each] = phrase(
                "Expected {own}, the currency of the transaction, was {currency}.{hint}",
                own=own,
                currency=part.currency,
                hint=hint,
            )

    # ---------- The form ----------

    def _fields(
        self, kind: TransactionType, instrument: InstrumentMatch | None, account: AccountView | None
    ) -> dict[str, str]:
        day, clock = self._value(PartKind.DAY), self._value(PartKind.TIME)
        named = self._line.part(PartKind.INSTRUMENT)
        amount = self._line.part(PartKind.AMOUNT)
        fields = {
            "account_id": account.id if account is not None else "",
            "day": (day if isinstance(day, date) else self._desk.reading.today).isoformat(),
            "time": clock.isoformat() if isinstance(clock, time) else "",
            "symbol": instrument.symbol if instrument is not None else str(named.value) if named else "",
            "quantity": self._figure(PartKind.QUANTITY),
            "price": self._figure(PartKind.PRICE),
            "gross" if kind in GROSS else "amount": self._figure(PartKind.AMOUNT),
            "currency": amount.currency if amount is not None and kind not in TRADES else "",
            "fees": self._figure(PartKind.FEE),
            "taxes": self._figure(PartKind.TAX),
            "settlement_currency": str(self._value(PartKind.SETTLEMENT) or ""),
            "settlement_rate": self._figure(PartKind.RATE),
            "note": str(self._value(PartKind.NOTE) or ""),
        }
        return {name: text for name, text in fields.items() if text}

    def _value(self, kind: PartKind) -> object:
        part = self._line.part(kind)
        return None if part is None else part.value

    def _figure(self, kind: PartKind) -> str:
        value = self._value(kind)
        return ground_of(self._portfolio, self._desk).figure(value) if isinstance(value, Decimal) else ""

    def _filled(
        self, kind: TransactionType, fields: dict[str, str], instrument: InstrumentMatch | None, own: str
    ) -> TransactionForm:
        """The form with what is suggested in it, and its errors among the faults."""
        form = TransactionForm(kind, fields, desk=self._desk)
        form.is_valid()
        self._suggest(form, fields, instrument, own)
        form = TransactionForm(kind, fields, desk=self._desk)
        for name, messages in () if form.is_valid() else form.errors.items():
            part = PARTS_OF_FIELDS.get(name, PartKind.UNKNOWN)
            is_known = any(each.kind is part and each.fault for each in self._line.parts)
            if not is_known and part not in {each.kind for each in self._line.missing}:
                self._faults.setdefault(part, str(messages[0]))
        self._check_held(form)
        return form

    def _suggest(
        self, form: TransactionForm, fields: dict[str, str], instrument: InstrumentMatch | None, own: str
    ) -> None:
        """Fills in the price of the day and the rate of the day where the line has none."""
        at = form.cleaned_data.get("at")
        if at is None:
            return
        is_priced = any(each.kind in (PartKind.PRICE, PartKind.AMOUNT) for each in self._line.parts)
        if form.kind in TRADES and not is_priced and instrument is not None:
            on = day_meant(form.cleaned_data["day"], form.cleaned_data.get("time"), reading=form.desk.reading)
            self._price = suggestions.price_suggestion(
                actor=self._actor, portfolio_id=self._portfolio.id, symbol=Symbol(instrument.symbol), at=at, on=on
            )
            fields |= self._put("price", self._taken.price, getattr(self._price, "price", None))
        into = fields.get("settlement_currency", "")
        if not into or into == own or not own or any(each.kind is PartKind.RATE for each in self._line.parts):
            return
        try:
            self._rate = suggestions.rate_suggestion(base=Currency(own), quote=Currency(into), at=at)
        except InvalidValue:  # of an instrument whose currency nobody tells
            return
        rate = short_rate(self._rate.rate) if isinstance(self._rate, RateSuggestion) else None
        fields |= self._put("settlement_rate", self._taken.rate, rate)

    def _gap(self, form: TransactionForm, own: str) -> RateGap | None:
        """Told before it is booked, unless it says itself what was paid in the base currency."""
        at, base = form.cleaned_data.get("at"), self._portfolio.base_currency
        if at is None or not own or form.cleaned_data.get("settlement_currency") == base:
            return None
        try:
            return rate_gap(currency=Currency(own), base=Currency(base), at=at)
        except InvalidValue:  # of an instrument whose currency nobody tells
            return None

    def _put(self, name: str, taken: str, suggested: Decimal | None) -> dict[str, str]:
        if taken:
            return {name: taken}
        return {} if suggested is None else {name: ground_of(self._portfolio, self._desk).figure(suggested)}

    def _check_held(self, form: TransactionForm) -> None:
        """A sale of more than is held would be refused: the line says so before."""
        typed = form.cleaned_data
        account = next((each for each in self._portfolio.accounts if each.id == typed.get("account_id")), None)
        quantity, symbol, at = typed.get("quantity"), typed.get("symbol"), typed.get("at")
        if form.kind is not TransactionType.SELL or account is None or not quantity or not symbol or at is None:
            return
        if account.options.allows_shorts or PartKind.INSTRUMENT in self._faults:
            return
        held = held_of(self._desk, account.id, symbol.upper(), at)
        if quantity > held:
            shown = price_text(quantity, places=0)
            expected = phrase(
                "at most {price_text}, the {upper} that {name} holds then",
                price_text=price_text(held, places=0),
                upper=symbol.upper(),
                name=account.name,
            )
            self._faults[PartKind.QUANTITY] = phrase(
                "Expected {expected}, was {shown}. {shorts_hint}",
                expected=expected,
                shown=shown,
                shorts_hint=SHORTS_HINT,
            )


def held_of(desk: Desk, account_id: str, symbol: str, at: object) -> Decimal:
    """How much of a symbol an account holds at a moment."""
    lots: Iterable[Decimal] = (lot.quantity for lot in desk.lots_of(account_id, symbol, at))  # type: ignore[arg-type]
    return exact_sum(lots)
