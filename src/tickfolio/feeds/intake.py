"""From what a feed said to a tick that is believed: one `Intake` an instrument. Pure.

It puts a price into the instrument's own unit and session, compares it with the last one that was believed, and holds back
what cannot be (domain/market/plausibility.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Instrument, InstrumentClass, Symbol
from tickfolio.domain.market.plausibility import (
    LEAST_JUMP,
    WILD,
    Doubt,
    HeldPrice,
    confirms,
    contradicts,
    doubt_of,
    is_near,
    jump_limit,
)
from tickfolio.domain.market.quotes import Tick
from tickfolio.domain.market.staleness import LONGEST_DELAY, session_of
from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, decimal_places, rounded, trimmed
from tickfolio.errors import OutsideCalendar
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import LARGEST

MINOR_CURRENCIES = {
    "GBp": ("GBP", 100),
    "GBX": ("GBP", 100),
    "ZAc": ("ZAR", 100),
    "ZAX": ("ZAR", 100),
    "ILA": ("ILS", 100),
}
"""How vendors write that prices are in hundredths of a currency."""
_JUMPS = (Doubt.JUMP, Doubt.WILD_JUMP)
SAME_MOMENT = timedelta(minutes=5)
"""Two prices whose market times differ by more say nothing of each other."""
_SPLIT = (InstrumentClass.EQUITY, InstrumentClass.FUND)
"""What is ever split."""


@dataclass(frozen=True, slots=True)
class Held:
    """A price that was held back, with what an operator must know to judge it."""

    symbol: Symbol
    held: HeldPrice
    is_new: bool


@dataclass(frozen=True, slots=True)
class Believed:
    """The last price that was taken, on the basis of its session.

    Attributes:
        is_close: it is of the recorded days.
        is_unproved: nothing was known that it could be compared with.
    """

    price: Decimal
    session_day: date
    is_close: bool = False
    is_unproved: bool = False


class Intake:
    """What is known of one instrument's prices."""

    def __init__(self, instrument: Instrument, calendar: ExchangeCalendar) -> None:
        self.instrument = instrument
        self._calendar = calendar
        self._believed: Believed | None = None
        self._limit = jump_limit(())
        self._splits: tuple[Split, ...] = ()
        self._told: tuple[Split, ...] = ()
        self._closes: tuple[tuple[date, Decimal], ...] = ()
        self._said_close: tuple[date, Decimal] | None = None
        self.late_by = timedelta(0)
        """How long after the market its source says prices, as the last one of a stream tells; none where that is no rule."""
        self.held: HeldPrice | None = None
        self._held_quote: FeedQuote | None = None

    # ---------- What is known beforehand ----------

    def restore(self, price: Decimal, session_day: date, previous_close: Decimal | None) -> None:
        """The last price of before a restart; newer ones win."""
        if self._believed is None:
            self._believed = Believed(price, session_day)
            if previous_close is not None:
                self._said_close = (session_day, previous_close)

    def note_history(self, closes: Sequence[tuple[date, Decimal]], splits: Sequence[Split]) -> None:
        """The closes of finished days, oldest first, as they were paid, and the splits that are known."""
        self._splits = tuple(splits)
        self._closes = tuple(closes)
        if closes:
            last, close = closes[-1]
            self._limit = jump_limit([self._on_basis_of(last, day, each) for day, each in closes])
            believed = self._believed
            if self._is_newer(close, last) or self._is_disproved(close, last):
                self._believed = Believed(close, last, is_close=True)
            elif believed is not None and last <= believed.session_day:
                self._believed = replace(believed, is_unproved=False)

    def note_told(self, splits: Sequence[Split]) -> None:
        """Splits that a feed tells of: until they are recorded, which `note_history` says, no price of theirs is believed."""
        self._told = tuple({split.ex_date: split for split in (*self._told, *splits)}.values())

    # ---------- Prices ----------

    def take(self, quote: FeedQuote, *, source: str) -> Tick | Held | None:
        """The tick to be published; a price that is held back; None for one that says nothing new."""
        day = self.session_day(quote.source_time)
        price = self._in_own_unit(quote)
        if price is None:
            return self._hold(quote, quote.price, quote.price, Doubt.CURRENCY, source)
        if price == 0:
            # So little that nothing of it is left in the instrument's own unit.
            return None
        believed = self._believed
        if believed is None:
            doubt, reference = self._first_doubt(quote, price)
        else:
            reference = self._on_basis_of(day, believed.session_day, believed.price)
            doubt = doubt_of(price, reference=reference, limit=self._limit, split_limit=self._split_limit(day))
        if doubt is not None and reference is not None and not self._is_confirmed(price, quote, source):
            return self._hold(quote, price, reference, doubt, source)
        tick = self._believe(quote, price, day, source)
        if believed is None or day >= believed.session_day:
            self._believed = Believed(price, day, is_unproved=believed is None or believed.is_unproved)
        return tick

    def second_opinion(self, quote: FeedQuote, *, source: str) -> Tick | None:
        """What a feed answers to a question while a price is held back: the tick that it confirms, or None.

        An answer that contradicts the price is remembered, as `held` says. One of another moment says nothing.
        """
        price, held = self._in_own_unit(quote), self.held
        if price is None or held is None or quote.source_time < held.source_time - SAME_MOMENT:
            return None
        if contradicts(price, held):
            self.held = replace(held, contradicted_by=held.contradicted_by | {source})
            return None
        day = self.session_day(quote.source_time)
        if self._believed is not None and day < self._believed.session_day:
            return None
        if not self._is_confirmed(price, quote, source, is_answer=True):
            return None
        self._note_held(None, None)
        self._believed = Believed(price, day)
        return self._tick(quote, price, day, source)

    def judge_anew(self) -> Tick | None:
        """The tick of the price that is held back, where it can be believed by what has become known since."""
        quote, held = self._held_quote, self.held
        if quote is None or held is None:
            return None
        outcome = self.take(quote, source=held.source)
        if isinstance(outcome, Tick):
            return outcome
        if outcome is not None and not outcome.is_new:
            # It was not said once more.
            self.held = held
        return None

    def release(self) -> tuple[HeldPrice, Tick | None] | None:
        """The operator believes the price that is held back, and from now on prices are compared with it; None where none is.

        With it comes its tick; none of one in another currency, which has no worth here.
        """
        held, quote = self.held, self._held_quote
        self._note_held(None, None)
        if held is None or quote is None:
            return None
        if held.doubt is Doubt.CURRENCY:
            return held, None
        day = self.session_day(held.source_time)
        self._believed = Believed(held.price, day)
        return held, self._tick(replace(quote, source_time=held.source_time), held.price, day, held.source)

    def session_day(self, at: datetime) -> date:
        """The exchange's day that a moment belongs to: of the session that runs, else its own where that has one, else the last."""
        running = self._calendar.session_at(at)
        if running is not None:
            return running.day
        local = at.astimezone(self._calendar.zone).date()
        if self._calendar.session_on(local) is not None:
            return local
        try:
            return self._calendar.current_session(at).day
        except OutsideCalendar:
            return local

    def agrees(self, quote: FeedQuote, *, tolerance: Decimal) -> bool:
        """Whether another feed's price is near the last one that was taken."""
        price = self._in_own_unit(quote)
        return self._believed is None or (
            price is not None and is_near(price, self._believed.price, tolerance=tolerance)
        )

    # ---------- Inside ----------

    def _hold(self, quote: FeedQuote, price: Decimal, reference: Decimal, doubt: Doubt, source: str) -> Held:
        held = self.held
        since = quote.received_time
        if held is not None and held.source == source:
            if held.doubt is Doubt.SPLIT and doubt in _JUMPS and (price > reference) is (held.price > held.reference):
                # The market moves on while a split is looked for: what is near its ratio no more is doubted as before.
                doubt, since = Doubt.SPLIT, held.since or since
            if held.doubt is doubt and is_near(price, held.price):
                # Its first moment stays: a confirmation is counted from there.
                self._note_held(replace(held, count=held.count + 1), quote)
                return Held(quote.symbol, replace(held, count=held.count + 1), is_new=False)
        found = HeldPrice(price, reference, source, quote.source_time, doubt, since=since)
        self._note_held(found, quote)
        return Held(quote.symbol, found, is_new=True)

    def _note_held(self, held: HeldPrice | None, quote: FeedQuote | None) -> None:
        self.held, self._held_quote = held, quote

    def _is_confirmed(self, price: Decimal, quote: FeedQuote, source: str, *, is_answer: bool = False) -> bool:
        held = self.held
        return (
            held is not None
            and confirms(price, source=source, at=quote.received_time, held=held, is_answer=is_answer)
            and not self._is_of_told_split(price, self.session_day(quote.source_time))
        )

    def _first_doubt(self, quote: FeedQuote, price: Decimal) -> tuple[Doubt | None, Decimal | None]:
        """What speaks against the very first price, and the close that the vendor says with it, which alone can tell."""
        close = self._close_said(quote)
        return doubt_of(price, reference=close, limit=WILD), close

    def _is_newer(self, close: Decimal, day: date) -> bool:
        """Whether the last close takes the place of what is believed: it is later, or the same one corrected, and no such jump.

        A feed that says a price and then the same one as the close of its day has not confirmed it.
        """
        believed = self._believed
        if believed is None or (believed.is_close and believed.session_day == day):
            return True
        if day <= believed.session_day:
            return False
        reference = self._on_basis_of(day, believed.session_day, believed.price)
        split_limit = LEAST_JUMP if self.instrument.instrument_class in _SPLIT else None
        return doubt_of(close, reference=reference, limit=self._limit, split_limit=split_limit) is None

    def _is_disproved(self, close: Decimal, day: date) -> bool:
        """Whether what was believed for want of anything to compare it with cannot have been right."""
        believed = self._believed
        if believed is None or not believed.is_unproved or day > believed.session_day:
            return False
        reference = self._on_basis_of(believed.session_day, day, close)
        return doubt_of(believed.price, reference=reference, limit=self._limit) is Doubt.WILD_JUMP

    def _split_limit(self, day: date) -> Decimal | None:
        """From which move on a price of `day` is doubted for the ratio of a split; None where there are no splits."""
        if self.instrument.instrument_class not in _SPLIT:
            return None
        # With a session that began since, the ratio of a split is doubted however far such prices move.
        is_later = self._believed is not None and day > self._believed.session_day
        return LEAST_JUMP if is_later else self._limit

    def _is_of_told_split(self, price: Decimal, day: date) -> bool:
        """Whether a split that was told, and is not recorded yet, explains a price of `day`."""
        believed, recorded = self._believed, {split.ex_date for split in self._splits}
        told = [split for split in self._told if split.ex_date not in recorded]
        if believed is None or not any(believed.session_day < split.ex_date <= day for split in told):
            return False
        splits = [split for split in (*self._splits, *told) if believed.session_day < split.ex_date <= day]
        return doubt_of(price, reference=split_adjusted(believed.price, splits), limit=self._limit) is None

    def _believe(self, quote: FeedQuote, price: Decimal, day: date, source: str) -> Tick:
        self._note_close(quote, price, day)
        tick = self._tick(quote, price, day, source)
        self._note_held(None, None)
        if not quote.is_snapshot:
            lateness = quote.received_time - quote.source_time
            self.late_by = lateness if lateness <= LONGEST_DELAY else timedelta(0)
        return tick

    def _in_own_unit(self, quote: FeedQuote) -> Decimal | None:
        """The price in the instrument's quote unit; None where it is in another currency."""
        return None if (factor := self._factor(quote.currency)) is None else self._scaled(quote.price, factor)

    def _factor(self, written: str) -> Decimal | None:
        if not written:
            return Decimal(1)
        code, unit = MINOR_CURRENCIES.get(written, (written.upper(), 1))
        if code != self.instrument.currency.code:
            return None
        return ROUNDING.divide(self.instrument.quote_unit, Decimal(unit))

    def _scaled(self, price: Decimal, factor: Decimal) -> Decimal:
        if factor == 1:
            return price
        scaled = rounded(ROUNDING.multiply(price, factor), places=MAX_PRICE_PLACES)
        return trimmed(scaled, places=self.instrument.price_places)

    def _note_close(self, quote: FeedQuote, price: Decimal, day: date) -> None:
        """Keeps the previous close that a believed price came with, unless it is wildly different: then it is a mistake."""
        close = self._close_said(quote)
        if close is not None and doubt_of(close, reference=price, limit=WILD) is None:
            self._said_close = (day, close)

    def _close_said(self, quote: FeedQuote) -> Decimal | None:
        """The previous close that came with a price, in the instrument's unit; None where there is none that can be one."""
        said = quote.previous_close
        factor = self._factor(quote.currency)
        if said is None or factor is None or not said.is_finite() or said <= 0 or said >= LARGEST:
            return None
        if decimal_places(said) > MAX_PRICE_PLACES:
            return None
        close = self._scaled(said, factor)
        return close if close > 0 else None

    def _previous_close(self, day: date) -> Decimal | None:
        """The close before `day`, on its basis: our own record of it first, then what the feed says."""
        before = self._calendar.session_on(day)
        previous = None if before is None else self._calendar.previous_session(before)
        for closed, close in reversed(self._closes):
            if closed < day:
                if previous is None or closed == previous.day:
                    return self._on_basis_of(day, closed, close)
                break
        if self._said_close is not None and self._said_close[0] == day:
            return self._said_close[1]
        return None

    def _on_basis_of(self, day: date, of: date, price: Decimal) -> Decimal:
        """A price of the session `of` as it would have been after the splits until `day`."""
        return split_adjusted(price, [split for split in self._splits if of < split.ex_date <= day])

    def _tick(self, quote: FeedQuote, price: Decimal, day: date, source: str) -> Tick:
        return Tick(
            symbol=self.instrument.symbol,
            price=rounded(price, places=max(decimal_places(price), self.instrument.price_places)),
            previous_close=self._previous_close(day),
            session_day=day,
            session=quote.session or session_of(quote.source_time, self._calendar),
            source_time=quote.source_time,
            received_time=quote.received_time,
            source=source,
        )
