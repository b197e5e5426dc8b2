"""Prices in quarantine and what happened to feeds, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.market.plausibility import Doubt
from tickfolio.domain.money import ROUNDING, rounded
from tickfolio.services.feed_overview import EventSeen, HeldSeen
from tickfolio.web.ages import age_text, moment_text
from tickfolio.web.figures import count_text, price_text, signed_text
from tickfolio.words import marked_phrase, phrase

KINDS = {
    "state": marked_phrase("State"),
    "move": marked_phrase("Moved"),
    "held": marked_phrase("Held back"),
    "released": marked_phrase("Believed"),
}


@dataclass(frozen=True, slots=True)
class HeldText:
    """A price in quarantine.

    Attributes:
        typed_price: the exact price, as the form sends it back.
        doubt: what speaks against it, in a sentence.
        said: by which feed, since when and how often.
        decided: who believed it and when, where the engine has not heard it yet; else empty.
        may_believe: one in another currency has no worth in the instrument's own, whoever believes it.
    """

    symbol: str
    name: str
    unit: str
    price: str
    reference: str
    typed_price: str
    doubt: str
    said: str
    decided: str
    may_believe: bool


@dataclass(frozen=True, slots=True)
class EventText:
    """Something that happened."""

    id: int
    when: str
    kind: str
    tone: str
    feed: str
    symbol: str
    text: str


def held_text(held: HeldSeen, *, at: datetime, zone: ZoneInfo) -> HeldText:
    """A price in quarantine at the real moment `at`."""
    since = moment_text(held.held_at, now=at, zone=zone)
    times = "once" if held.count == 1 else phrase("{count} times", count=count_text(held.count))
    decided = "" if held.released_at is None else moment_text(held.released_at, now=at, zone=zone)
    return HeldText(
        symbol=held.symbol,
        name=held.name,
        unit=held.unit,
        price=price_text(held.price, places=held.price_places),
        reference=price_text(held.reference, places=held.price_places),
        typed_price=f"{held.price:f}",
        doubt=doubt_text(held),
        said=phrase(
            "Said by {source} {times} since {since}, {age_text} ago",
            source=held.source,
            times=times,
            since=since,
            age_text=age_text(at - held.held_at),
        ),
        decided=phrase(
            "Believed by {value} at {decided}", value=held.released_by or phrase("an operator"), decided=decided
        )
        if decided
        else "",
        may_believe=held.doubt is not Doubt.CURRENCY,
    )


def doubt_text(held: HeldSeen) -> str:
    """What speaks against a held price, in a sentence."""
    if held.doubt is Doubt.CURRENCY:
        return phrase(
            "It is said in another currency than the instrument’s own, {unit}: nothing can be made of it.",
            unit=held.unit,
        )
    factor = ROUNDING.divide(max(held.price, held.reference), min(held.price, held.reference))
    times = price_text(rounded(factor, places=1), places=1)
    how = phrase("higher") if held.price > held.reference else phrase("lower")
    if held.doubt is Doubt.SPLIT:
        return phrase(
            "{times} times {how} than the last believed price, as after a split: feeds are asked whether "
            "there was one. Believe it only if the units that are held are right with it.",
            times=times,
            how=how,
        )
    if held.doubt is Doubt.WILD_JUMP:
        return phrase(
            "{times} times {how} than the last believed price: another unit, a wrong symbol or a split that is not known?",
            times=times,
            how=how,
        )
    moved = ROUNDING.multiply(ROUNDING.subtract(ROUNDING.divide(held.price, held.reference), Decimal(1)), Decimal(100))
    percent = signed_text(rounded(moved, places=1), places=1)
    return phrase("{percent} % from the last believed price, more than this instrument usually moves.", percent=percent)


def event_text(event: EventSeen, *, at: datetime, zone: ZoneInfo) -> EventText:
    """Something that happened, as the list tells it."""
    return EventText(
        id=event.id,
        when=moment_text(event.at, now=at, zone=zone),
        kind=KINDS.get(event.kind, event.kind),
        tone="warn" if event.kind == "held" else "",
        feed=event.feed,
        symbol=event.symbol,
        text=event.text[:1].upper() + event.text[1:],
    )
