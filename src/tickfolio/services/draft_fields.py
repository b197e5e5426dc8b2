"""The fields of a draft, each read once; what is wrong is collected, so that a form can show all of it together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tickfolio.domain.instruments import (
    MAX_CONTRACT,
    PRIVATE_MIC,
    Instrument,
    InstrumentClass,
    Symbol,
    normalise_symbol,
)
from tickfolio.domain.ledger.transactions import (
    MAX_AMOUNT,
    MAX_PRICE,
    MAX_QUANTITY,
    MAX_RATIO,
    AccountId,
)
from tickfolio.domain.money import (
    MAX_PRICE_PLACES,
    MAX_QUANTITY_PLACES,
    NO_CURRENCY,
    Currency,
    Money,
    decimal_places,
    plain,
)
from tickfolio.errors import InvalidDraft, InvalidValue
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.drafts import Surroundings, TransactionDraft
from tickfolio.words import phrase

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MAX_NOTE_LENGTH = 500
MAX_NAME_LENGTH = 200

ZERO = Decimal(0)
LIMITS: dict[str, Decimal] = {
    "quantity": MAX_QUANTITY,
    "price": MAX_PRICE,
    "settlement_rate": MAX_PRICE,
    "contract_size": Decimal(MAX_CONTRACT),
    "quote_unit": Decimal(MAX_CONTRACT),
}
PLACES = {"quantity": MAX_QUANTITY_PLACES}


class DraftFields:
    """A reader of one draft. What cannot be read is noted in `errors` and given as something harmless: `check` before use."""

    def __init__(self, draft: TransactionDraft, surroundings: Surroundings) -> None:
        self.draft = draft
        self.errors: dict[str, str] = {}
        self._surroundings = surroundings

    def refuse(self, field: str, message: str) -> None:
        """Notes what is wrong with a field; the first message counts."""
        self.errors.setdefault(field, message)

    def check(self) -> None:
        """Ends here where something was wrong.

        Raises:
            InvalidDraft: with all that was found.
        """
        if self.errors:
            raise InvalidDraft(self.errors)

    # ---------- Where and when ----------

    def account(self) -> AccountView:
        """The account, one of the portfolio's."""
        found = self._surroundings.accounts.get(self.draft.account_id or "")
        if found is None:
            self.refuse("account_id", phrase("Expected an account of this portfolio."))
            return AccountView(id="", portfolio_id="", name="", currency=NO_CURRENCY.code)
        return found

    def to_account(self, *, is_needed: bool) -> AccountId | None:
        """Another account of the portfolio; None where none is stated and none is needed."""
        stated = self.draft.to_account_id
        if not stated and not is_needed:
            return None
        found = self._surroundings.accounts.get(stated or "")
        if found is None:
            self.refuse("to_account_id", phrase("Expected another account of this portfolio."))
        elif stated == self.draft.account_id:
            self.refuse(
                "to_account_id", phrase("Expected another account than {name}, which it comes from.", name=found.name)
            )
        return AccountId(stated or "")

    def at(self) -> datetime:
        """The moment, in UTC."""
        at = self.draft.at
        if at is None:
            self.refuse("at", phrase("Expected the date of the transaction."))
            return EARLIEST
        if at.tzinfo is None:
            self.refuse(
                "at", phrase("Expected a moment with its offset from UTC, was {isoformat}.", isoformat=at.isoformat())
            )
            return EARLIEST
        if not EARLIEST <= at < LATEST:
            self.refuse("at", phrase("Expected a date from 1900 to 2199, was {at:%Y-%m-%d}.", at=at))
        return at.astimezone(UTC)

    def note(self) -> str:
        """The note, trimmed."""
        note = (self.draft.note or "").strip()
        if len(note) > MAX_NOTE_LENGTH or "\x00" in note:
            self.refuse(
                "note",
                phrase(
                    "Expected a note of at most {max_note_length} characters, was one of {note}.",
                    max_note_length=MAX_NOTE_LENGTH,
                    note=len(note),
                ),
            )
        return note

    # ---------- What ----------

    def instrument(self) -> Instrument:
        """The instrument: one of the known, or a new private one where the draft asks for it. A known one wins."""
        return self._instrument("symbol", default=None)

    def new_instrument(self, old: Instrument) -> Instrument:
        """The instrument that takes the place of `old` or comes beside it; a private one is in the currency of `old`."""
        new = self._instrument("new_symbol", default=old.currency)
        if new.symbol == old.symbol and not self.errors:
            self.refuse("new_symbol", phrase("Expected another symbol than {symbol}.", symbol=old.symbol))
        return new

    def perhaps_instrument(self) -> Instrument | None:
        """The instrument, where one is named."""
        return self.instrument() if (self.draft.symbol or "").strip() else None

    def is_new(self, instrument: Instrument) -> bool:
        """Whether the instrument has to be made with the transaction."""
        return instrument.symbol not in self._surroundings.instruments

    def _instrument(self, field: str, *, default: Currency | None) -> Instrument:
        symbol = self._symbol(field)
        known = self._surroundings.instruments.get(symbol) or self._surroundings.listed.get(symbol)
        if known is not None:
            self._refuse_other_contract(known, field)
            return known
        if self.draft.creates_instrument:
            return self._private(symbol, field, default=default)
        self.refuse(
            field,
            phrase(
                "No feed offers {symbol}. Check the spelling, or add it as an instrument of this portfolio, without a price.",
                symbol=symbol,
            ),
        )
        return Instrument(symbol=symbol, name="", mic=PRIVATE_MIC, currency=NO_CURRENCY)

    def _symbol(self, field: str) -> Symbol:
        typed: str = getattr(self.draft, field) or ""
        if not typed.strip():
            self.refuse(field, phrase("Expected a symbol such as AAPL."))
        try:
            return normalise_symbol(typed or "-")
        except InvalidValue as error:
            self.refuse(field, str(error))
            return Symbol("0")

    def _private(self, symbol: Symbol, field: str, *, default: Currency | None) -> Instrument:
        is_named = self._is_described(field)
        name = (" ".join((self.draft.instrument_name or "").split()) if is_named else "") or symbol
        if len(name) > MAX_NAME_LENGTH or not name.isprintable():
            self.refuse(
                "instrument_name",
                phrase("Expected a name of at most {max_name_length} characters.", max_name_length=MAX_NAME_LENGTH),
            )
        of = "new_currency"
        if field == "symbol":
            of = "instrument_currency" if self.draft.instrument_currency else "currency"
        currency = self.currency(of, phrase("the currency of the new instrument"), default=default)
        if not is_named:
            return Instrument(symbol=symbol, name=name, mic=PRIVATE_MIC, currency=currency)
        return Instrument(
            symbol=symbol,
            name=name,
            mic=PRIVATE_MIC,
            currency=currency,
            instrument_class=self._instrument_class(),
            contract_size=self._contract("contract_size", phrase("a contract size")),
            quote_unit=self._contract("quote_unit", phrase("a quote unit")),
        )

    def _is_described(self, field: str) -> bool:
        """Whether what the draft says of a new instrument is said of the one in `field`."""
        return field == "new_symbol" or not (self.draft.new_symbol or "").strip()

    def _instrument_class(self) -> InstrumentClass:
        stated = self.draft.instrument_class or InstrumentClass.EQUITY
        if stated not in list(InstrumentClass):
            self.refuse(
                "instrument_class",
                phrase(
                    "Expected one of {instrumentclass}, was {stated}.",
                    instrumentclass=", ".join(InstrumentClass),
                    stated=stated[:40],
                ),
            )
            return InstrumentClass.EQUITY
        return InstrumentClass(stated)

    def _contract(self, field: str, what: str) -> Decimal:
        """A contract size or a quote unit: 1 where nothing was stated."""
        if getattr(self.draft, field) is None:
            return Decimal(1)
        number = self.positive(field, what)
        return number if number > 0 else Decimal(1)

    def _refuse_other_contract(self, known: Instrument, field: str) -> None:
        """What is booked of an instrument was counted by its contract size and its quote unit, so neither changes by the way."""
        if not self.draft.creates_instrument or not self._is_described(field):
            return
        for name, what in (("contract_size", phrase("contract size")), ("quote_unit", phrase("quote unit"))):
            stated, kept = getattr(self.draft, name), getattr(known, name)
            if stated is not None and stated != kept:
                self.refuse(
                    name,
                    phrase(
                        "Expected {expected}, the {what} that {symbol} has already, was {found}.",
                        expected=plain(kept),
                        what=what,
                        symbol=known.symbol,
                        found=plain(stated),
                    ),
                )

    # ---------- How much ----------

    def currency(self, field: str, what: str, *, default: Currency | None = None) -> Currency:
        """A currency; `default` where nothing was stated."""
        stated = (getattr(self.draft, field) or "").strip().upper()
        if not stated and default is not None:
            return default
        if not stated:
            self.refuse(field, phrase("Expected {what}, such as USD.", what=what))
            return NO_CURRENCY
        try:
            return Currency(stated)
        except InvalidValue as error:
            self.refuse(field, str(error))
            return NO_CURRENCY

    def positive(self, field: str, what: str) -> Decimal:
        """A number above zero, which must be stated."""
        number = self.stated(field, what)
        if number is None:
            self.refuse(field, phrase("Expected {what}.", what=what))
            return Decimal(1)
        if number <= 0:
            self.refuse(field, phrase("Expected {what} above zero, was {plain}.", what=what, plain=plain(number)))
        return number

    def not_negative(self, field: str, what: str, *, default: Decimal | None = ZERO) -> Decimal:
        """A number of zero or more; `default` where nothing was stated, or an error where that is None."""
        number = self.stated(field, what)
        if number is None and default is None:
            self.refuse(field, phrase("Expected {what}.", what=what))
        if number is None:
            return default or ZERO
        if number < 0:
            self.refuse(field, phrase("Expected {what} of zero or more, was {plain}.", what=what, plain=plain(number)))
        return number

    def money(self, field: str, what: str, currency: Currency) -> Money:
        """An amount above zero, which must be stated."""
        return Money(self.positive(field, what), currency)

    def stated(self, field: str, what: str) -> Decimal | None:
        """A number as it was stated, or None."""
        number: Decimal | None = getattr(self.draft, field)
        if number is None:
            return None
        limit, places = LIMITS.get(field, MAX_AMOUNT), PLACES.get(field, MAX_PRICE_PLACES)
        if not number.is_finite() or abs(number) >= limit:
            self.refuse(field, phrase("Expected {what} below {limit:,}.", what=what, limit=limit))
            return Decimal(1)
        if decimal_places(number) > places:
            self.refuse(
                field,
                phrase(
                    "Expected {what} with at most {places} decimal places, was {plain}.",
                    what=what,
                    places=places,
                    plain=plain(number),
                ),
            )
        return number

    def units(self, field: str, what: str) -> int:
        """A whole number of a split's ratio."""
        number: int | None = getattr(self.draft, field)
        if number is None or not 1 <= number <= MAX_RATIO:
            was = "" if number is None else phrase(", was {number}", number=number)
            self.refuse(
                field,
                phrase(
                    "Expected {what}: a whole number from 1 to {max_ratio:,}{was}.",
                    what=what,
                    max_ratio=MAX_RATIO,
                    was=was,
                ),
            )
            return 1
        return number

    def perhaps_money(self, field: str, what: str, currency: Currency) -> Money | None:
        """An amount above zero, where one is stated."""
        return None if getattr(self.draft, field) is None else self.money(field, what, currency)

    def share(self, field: str, what: str) -> Decimal | None:
        """A part of a whole, from 0 to 1, where one is stated."""
        number: Decimal | None = getattr(self.draft, field)
        if number is None:
            return None
        if not number.is_finite() or not 0 <= number <= 1:
            self.refuse(
                field,
                phrase(
                    "Expected {what} from 0 to 1, such as 0.15 for 15 %, was {plain}.", what=what, plain=plain(number)
                ),
            )
            return ZERO
        if decimal_places(number) > MAX_QUANTITY_PLACES:
            self.refuse(
                field,
                phrase(
                    "Expected {what} with at most {max_quantity_places} decimal places.",
                    what=what,
                    max_quantity_places=MAX_QUANTITY_PLACES,
                ),
            )
            return ZERO
        return number
