"""Instruments that everybody knows: registered as feeds, the shipped list or the operator name them, and renamed.

An instrument is its ISIN, where one is known, with its exchange and its currency; its symbol may change. What is registered under
a new symbol is the same row, which keeps the old symbol as a former one, and every ledger goes on with the new one from that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from itertools import islice
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedUnavailable, InvalidValue
from tickfolio.feeds.listings import catalogue
from tickfolio.feeds.listings.catalogue import Listing
from tickfolio.persistence.mappers import columns_of_instrument
from tickfolio.persistence.models import CorporateActionFact, FormerSymbol, InstrumentRecord
from tickfolio.persistence.selectors.instruments import instruments_matching
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.tenancy import Actor, Person
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.lookups import lookup
from tickfolio.services.feed_descriptions import feed_description
from tickfolio.services.one_reading import read_anew
from tickfolio.words import phrase

Kind = CorporateActionFact.Kind
MOST_LOOKED_AT = 50
"""So many listings are looked at for those of exchanges whose sessions are known."""
IDENTITY = "identity"
"""The source of a change of symbols that nobody told of, and that was seen."""


@transaction.atomic
def instrument_register(
    *, instrument: Instrument, country: str = "", sector: str = "", at: datetime | None = None
) -> None:
    """Adds or updates one instrument.

    Args:
        country: of the company, as ISO 3166 writes it; empty where it is not known, and then what is known stays. The same
            holds for `sector`.
        at: the real moment of a change of symbols, UTC; now, unless said otherwise.
    """
    instruments_register(instruments=[instrument], at=at)
    said = {name: text for name, text in (("country", country), ("sector", sector)) if text}
    if said:
        InstrumentRecord.objects.filter(symbol=instrument.symbol).update(**said)


@transaction.atomic
def instruments_register(*, instruments: Iterable[Instrument], at: datetime | None = None) -> None:
    """Adds or updates instruments by what they are and, where that is not known, by symbol.

    Args:
        at: as for `instrument_register`.
    """
    wanted = _without_doubles(instruments)
    identified = [each for each in wanted if each.isin]
    _rename_known(identified, at=at or SystemClock().now())
    _upsert(identified)
    # Who does not know an ISIN does not take away the one that is known.
    _upsert([each for each in wanted if not each.isin], keeping="isin")


@transaction.atomic
def instrument_rename(*, symbol: Symbol, new_symbol: Symbol, since: date) -> None:
    """Gives an instrument another symbol from a day on; the old one still finds it. Repeated it changes nothing.

    Raises:
        InvalidValue: no instrument has the old symbol, or another one has the new symbol.
    """
    former = FormerSymbol.objects.filter(symbol=symbol, instrument__symbol=new_symbol).first()
    if former is not None:
        # Told of twice, the earlier day counts: what happened in between is of the new symbol.
        FormerSymbol.objects.filter(pk=former.pk, valid_until__gte=since).update(valid_until=_day_before(since))
        return
    record = InstrumentRecord.objects.filter(symbol=symbol).first()
    if record is None:
        raise InvalidValue(phrase("Expected an instrument that a feed offers, was {symbol}.", symbol=symbol))
    if InstrumentRecord.objects.filter(symbol=new_symbol).exists():
        raise InvalidValue(
            phrase("Expected a symbol that no other instrument has, was {new_symbol}.", new_symbol=new_symbol)
        )
    _rename(record, new_symbol, since=since)


@transaction.atomic
def instrument_rename_undo(*, symbol: Symbol, new_symbol: Symbol) -> None:
    """Gives an instrument back the symbol that it had before; nothing where it was not renamed so."""
    former = FormerSymbol.objects.filter(symbol=symbol, instrument__symbol=new_symbol).first()
    if former is not None and not InstrumentRecord.objects.filter(symbol=symbol).exists():
        InstrumentRecord.objects.filter(pk=former.instrument_id).update(symbol=symbol)
        former.delete()


# ---------- The shipped list ----------


def listed_instruments(symbols: Iterable[Symbol]) -> dict[Symbol, Instrument]:
    """Those of `symbols` that the shipped list knows, by symbol; none that nothing here would ever price, as in a replay."""
    return {symbol: listing.instrument() for symbol in symbols if (listing := _listing(symbol)) is not None}


def listed_matching(text: str, *, limit: int) -> tuple[Instrument, ...]:
    """The instruments of the shipped list that `text` may mean, the best first; none that nothing here would price."""
    if settings.TICKFOLIO_IS_REPLAY:
        return ()
    found = (listing.instrument() for listing in catalogue.find(text, MOST_LOOKED_AT) if has_calendar(listing.mic))
    return tuple(islice(filter(_may_be_priced, found), limit))


def instruments_book(*, instruments: Iterable[Instrument]) -> None:
    """Registers those that a transaction names and nobody has booked before, with what the shipped list says besides."""
    for instrument in instruments:
        listing = _listing(instrument.symbol)
        country, sector = ("", "") if listing is None else (listing.country, listing.sector)
        instrument_register(instrument=instrument, country=country, sector=sector)


def _listing(symbol: Symbol) -> Listing | None:
    listing = None if settings.TICKFOLIO_IS_REPLAY else catalogue.by_symbol(symbol)
    if listing is None or not has_calendar(listing.mic) or not _may_be_priced(listing.instrument()):
        return None
    return listing


def _may_be_priced(instrument: Instrument) -> bool:
    """Whether a feed of this instance may price it: an invented market never does. Where none is named, that is not known."""
    described = [feed_description(name) for name in settings.TICKFOLIO_FEEDS]
    offered = [each.capabilities for each in described if each is not None]
    return not offered or any(each.streams_listed(instrument) for each in offered)


def instrument_sought(*, symbol: Symbol, actor: Actor, portfolio_id: str) -> None:
    """Has the feeds asked what a symbol is that is neither known here nor in the shipped list; where one knows it, it is known.

    A feed that does not answer changes nothing. It may take seconds, and must not be called within a transaction.
    """
    if record_of(symbol) is not None or listed_instruments([symbol]):
        return
    if any(match.symbol == symbol for match in instruments_matching(symbol, actor=actor, portfolio_id=portfolio_id)):
        return  # it is this portfolio's own
    with suppress(FeedUnavailable):
        lookup.find(symbol, asker=actor.user_id if isinstance(actor, Person) else None)
    read_anew()


def has_calendar(mic: str) -> bool:
    """Whether the sessions of an exchange are known: nothing can be priced on one whose are not."""
    try:
        exchange_calendar(mic)
    except InvalidValue:
        return False
    return True


def _without_doubles(instruments: Iterable[Instrument]) -> list[Instrument]:
    """The last of each symbol, and of several symbols of one identity the last with it."""
    by_symbol = {each.symbol: each for each in instruments}
    last = {_identity(each): each.symbol for each in by_symbol.values()}
    return [each if last[_identity(each)] == each.symbol else replace(each, isin="") for each in by_symbol.values()]


def _identity(instrument: Instrument) -> tuple[str, str, str]:
    return instrument.isin or instrument.symbol, instrument.mic, instrument.currency.code


def _upsert(instruments: Sequence[Instrument], *, keeping: str = "") -> None:
    records = [InstrumentRecord(**columns_of_instrument(each)) for each in instruments]
    if records:
        columns = [name for name in columns_of_instrument(instruments[0]) if name not in ("symbol", keeping)]
        InstrumentRecord.objects.bulk_create(
            records, update_conflicts=True, unique_fields=["symbol"], update_fields=columns
        )


def _rename_known(instruments: Sequence[Instrument], *, at: datetime) -> None:
    """Gives those that are known under another symbol the one that they have now."""
    if not instruments:
        return
    identities = {_identity(each): each for each in instruments}
    any_of_them = (Q(isin=isin, mic=mic, currency=currency) for isin, mic, currency in identities)
    for record in InstrumentRecord.objects.filter(reduce(or_, any_of_them)):
        new_symbol = identities[record.isin, record.mic, record.currency].symbol
        if new_symbol == record.symbol:
            continue
        if InstrumentRecord.objects.filter(symbol=new_symbol).exists():
            # Two rows were there before anybody knew that they are one: prices and ledgers hang on both, so both stay.
            InstrumentRecord.objects.filter(pk=record.pk).update(isin="")
            continue
        _record_change(record, new_symbol, at=at)
        _rename(record, new_symbol, since=at.date())


def _record_change(record: InstrumentRecord, new_symbol: Symbol, *, at: datetime) -> None:
    """The fact that ledgers follow; more than one a day of the same instrument are versions of it."""
    of_today = {"instrument": record, "kind": Kind.SYMBOL_CHANGE, "ex_date": at.date(), "source": IDENTITY}
    version = CorporateActionFact.objects.filter(**of_today).count() + 1
    CorporateActionFact(**of_today, new_symbol=new_symbol, version=version, recorded_at=at).save()


def _rename(record: InstrumentRecord, new_symbol: Symbol, *, since: date) -> None:
    # A symbol that it had before, and has again, is none of once.
    FormerSymbol.objects.filter(instrument=record, symbol=new_symbol).delete()
    FormerSymbol(instrument=record, symbol=record.symbol, valid_until=_day_before(since)).save()
    InstrumentRecord.objects.filter(pk=record.pk).update(symbol=new_symbol)
    record.symbol = new_symbol


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
