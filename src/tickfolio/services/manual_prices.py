"""Prices that people type of their portfolio's own instruments: added, corrected, withdrawn. Nothing is ever overwritten.

Whoever may change the ledger may set a price. Every price is a change of the portfolio with a number of its own, so that what was
known at any time is known of prices too, and pages and stored days follow as they do after a booking.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import MAX_PRICE
from tickfolio.domain.market.manual_prices import ManualPrice
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidDraft, InvalidNumber, NotFound, VersionConflict
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.persistence.models import ManualPrice as ManualPriceRow
from tickfolio.persistence.selectors.headings import ledger_heading
from tickfolio.persistence.selectors.manual_prices import (
    TypedPrice,
    private_instrument,
    private_instruments,
    typed_prices,
)
from tickfolio.persistence.selectors.surroundings import own_instruments
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.draft_fields import EARLIEST
from tickfolio.services.idempotency import Answer, once
from tickfolio.services.instrument_notes import note_hand_over
from tickfolio.services.ledgers import READER
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, missing_portfolio, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import phrase

__all__ = ["PricedByHand", "TypedPrice"]


@dataclass(frozen=True, slots=True)
class PricedByHand:
    """An instrument of a portfolio with the prices that were typed of it, the latest day first.

    Attributes:
        today: the last day that can have a price: the market's, in the owner's time zone.
        offered: what a feed offers by the symbol, which may be something else; None where none does.
    """

    instrument: Instrument
    prices: tuple[TypedPrice, ...]
    today: date
    offered: Instrument | None = None

    @property
    def differs_in(self) -> tuple[str, ...]:
        """In what the feed's instrument is counted otherwise, so that it cannot take this one's place."""
        return () if self.offered is None else _differences(self.instrument, self.offered)


# ---------- Reads ----------


def prices_by_hand(*, actor: Actor, portfolio_id: str) -> tuple[PricedByHand, ...]:
    """The instruments that only this portfolio knows, by symbol, with what was typed of them.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    own = private_instruments(access.portfolio_id, actor=actor)
    if not own:
        return ()
    prices, today = typed_prices(access.portfolio_id, actor=actor), last_day(access.portfolio_id)
    offered = _offered([each.symbol for each in own])
    return tuple(PricedByHand(each, prices.get(each.symbol, ()), today, offered.get(each.symbol)) for each in own)


# ---------- Writes ----------


def price_add(
    *,
    actor: Actor,
    portfolio_id: str,
    symbol: str,
    day: date | None,
    price: Decimal | None,
    idempotency_key: str | None = None,
) -> None:
    """Sets the price of a day that has none; sent again with the same key, it does nothing.

    Raises:
        NotFound, NotAllowed: as everywhere; also where the portfolio has no such instrument.
        InvalidDraft: the day has a price already or is none that can have one, or the price is none.
        KeyReused: the idempotency key came with another request before.
    """

    def work() -> Answer:
        wanted = price_read(day, price, today=last_day(held.access.portfolio_id))
        there = _newest(held, symbol, wanted.day)
        if there is not None and not there.is_withdrawn:
            raise InvalidDraft(
                {
                    "day": phrase(
                        "Expected a day without a price, was {day}: {plain}. Correct that one.",
                        day=wanted.day,
                        plain=plain(there.price),
                    )
                }
            )
        price_append(held, symbol, wanted, after=there)
        return {"day": wanted.day.isoformat()}

    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.PRICE_SET) as held:
        _require_own(held, symbol)
        request = {"operation": "price_add", "portfolio": held.access.portfolio_id, "symbol": symbol}
        once(actor=actor, key=idempotency_key, request={**request, "day": day, "price": price}, work=work)


def price_correct(
    *, actor: Actor, portfolio_id: str, symbol: str, day: date, price: Decimal | None, expected_version: int
) -> None:
    """Sets another price of a day, if `expected_version` is the newest one still.

    Raises:
        NotFound, NotAllowed: as everywhere; also where nobody typed a price of that day.
        VersionConflict: somebody changed or withdrew it meanwhile.
        InvalidDraft: the price is none.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.PRICE_SET) as held:
        there = _expected(held, symbol, day, expected_version)
        wanted = price_read(day, price, today=last_day(held.access.portfolio_id))
        if there.is_withdrawn or wanted.price != there.price:
            price_append(held, symbol, wanted, after=there)


def price_withdraw(*, actor: Actor, portfolio_id: str, symbol: str, day: date, expected_version: int) -> None:
    """Takes back the price of a day, if `expected_version` is the newest one still; its history stays.

    Raises:
        NotFound, NotAllowed: as everywhere; also where nobody typed a price of that day.
        VersionConflict: somebody changed or withdrew it meanwhile.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.PRICE_SET) as held:
        there = _expected(held, symbol, day, expected_version)
        if not there.is_withdrawn:
            price_append(held, symbol, ManualPrice(day, there.price), after=there, is_withdrawn=True)


def offered_take(*, actor: Actor, portfolio_id: str, symbol: str) -> None:
    """From now on the portfolio means by `symbol` what a feed offers: its prices and its history count, on all days.

    What was booked and what was typed stay as they are; typed prices are of no use any more. Nothing undoes it.

    Raises:
        NotFound, NotAllowed: as everywhere; also where the portfolio has no such instrument of its own.
        InvalidDraft: no feed offers the symbol, or what it offers is counted otherwise.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.PRICE_SET) as held:
        own = private_instrument(held.access.portfolio_id, symbol, actor=actor)
        if own is None:
            raise _missing()
        offered = _offered([own.symbol]).get(own.symbol)
        if offered is None:
            raise InvalidDraft(
                {"symbol": phrase("Expected an instrument that a feed offers too, was {symbol}.", symbol=symbol)}
            )
        if different := _differences(own, offered):
            raise InvalidDraft(
                {
                    "symbol": phrase(
                        "Expected what a feed offers by {symbol} to be counted as this portfolio counts its own, was another {different}.",
                        symbol=symbol,
                        different=phrase(" and another ").join(different),
                    )
                }
            )
        note_hand_over(held, own.symbol)
        own_instruments(held.access.portfolio_id, actor=actor).filter(symbol=symbol).update(
            replaced_sequence=held.announce(Kind.PORTFOLIO_CHANGED),
            replaced_at=held.at,
            replaced_by_id=held.recorder_id,
        )


def price_append(
    held: HeldPortfolio, symbol: str, price: ManualPrice, *, after: TypedPrice | None, is_withdrawn: bool = False
) -> None:
    """Keeps a price that was read by `price_read`, after the version that stands."""
    sequence = held.announce(Kind.PORTFOLIO_CHANGED)
    ManualPriceRow(
        portfolio_id=held.row.pk,
        symbol=symbol,
        day=price.day,
        price=price.price,
        version=1 if after is None else after.version + 1,
        ledger_sequence=sequence,
        is_withdrawn=is_withdrawn,
        recorded_at=held.at,
        recorded_by_id=held.recorder_id,
    ).save()


# ---------- What was typed, and what is there ----------


def price_read(day: date | None, price: Decimal | None, *, today: date) -> ManualPrice:
    """The price.

    Raises:
        InvalidDraft: what is wrong with each of its parts.
    """
    errors: dict[str, str] = {}
    if day is None:
        errors["day"] = phrase("Expected the day that the price is of.")
    elif not EARLIEST.date() <= day <= today:
        errors["day"] = phrase(
            "Expected a day from 1900 up to {today}, the market's today, was {day}.", today=today, day=day
        )
    if price is None:
        errors["price"] = phrase("Expected a price of one unit.")
    elif price.is_finite() and price >= MAX_PRICE:
        errors["price"] = phrase(
            "Expected a price below {most}, was {found}.", most=plain(MAX_PRICE), found=plain(price)
        )
    if price is not None and "price" not in errors:
        try:
            read = ManualPrice(day or today, price)
        except InvalidNumber as invalid:
            errors["price"] = str(invalid)
        else:
            if not errors:
                return read
    raise InvalidDraft(errors)


def _require_own(held: HeldPortfolio, symbol: str) -> None:
    if private_instrument(held.access.portfolio_id, symbol, actor=held.actor) is None:
        raise _missing()


def _newest(held: HeldPortfolio, symbol: str, day: date) -> TypedPrice | None:
    prices = typed_prices(held.access.portfolio_id, actor=held.actor, symbol=symbol)
    return next((each for each in prices.get(Symbol(symbol), ()) if each.day == day), None)


def _expected(held: HeldPortfolio, symbol: str, day: date, version: int) -> TypedPrice:
    _require_own(held, symbol)
    there = _newest(held, symbol, day)
    if there is None:
        raise NotFound(phrase("Expected a price that was typed, found none of that day."))
    if there.version != version:
        raise VersionConflict(expected=version, current=there.version)
    return there


def _offered(symbols: list[Symbol]) -> dict[Symbol, Instrument]:
    """What feeds offer by these symbols now."""
    found = InstrumentRecord.objects.filter(symbol__in=symbols)
    return {Symbol(record.symbol): instrument_from(record) for record in found}


def _differences(own: Instrument, offered: Instrument) -> tuple[str, ...]:
    """What amounts that were booked were counted by, where the two are not the same in it."""
    pairs = (
        ("currency", own.currency, offered.currency),
        (phrase("contract size"), own.contract_size, offered.contract_size),
        (phrase("quote unit"), own.quote_unit, offered.quote_unit),
    )
    return tuple(name for name, one, other in pairs if one != other)


def last_day(portfolio_id: str) -> date:
    """The last day that can have a price: the market's, in the owner's time zone."""
    heading = ledger_heading(portfolio_id, actor=READER)  # the owner's zone is not every viewer's to see
    if heading is None:
        raise missing_portfolio()
    return market_now().astimezone(ZoneInfo(heading.zone)).date()


def _missing() -> NotFound:
    return NotFound(phrase("Expected an instrument that this portfolio has made, found none of that symbol."))
