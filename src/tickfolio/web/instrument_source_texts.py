"""Where the prices of an instrument come from, and what happened to it, in words: two tables of its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.services.quote_sources import QuoteSource, SourceUse
from tickfolio.web.action_texts import said
from tickfolio.web.ages import age_text
from tickfolio.web.feed_texts import STATES
from tickfolio.web.figures import DASH, price_text
from tickfolio.web.holding_texts import SPOKEN_QUALITIES
from tickfolio.web.instrument_texts import exact_moment_text
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import counted_phrase, phrase

MOST_ACTIONS = 10


@dataclass(frozen=True, slots=True)
class SourceText:
    """A row of the sources; `quality` is empty of a feed that says no price, and `word` then how it does."""

    name: str
    title: str
    use: str
    is_in_use: bool
    quality: str
    word: str
    price: str
    when: str
    age: str


@dataclass(frozen=True, slots=True)
class HappenedText:
    """A corporate action of the instrument."""

    day: str
    what: str
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class ActionsText:
    """The newest corporate actions, and how many there are before them."""

    rows: tuple[HappenedText, ...]
    earlier: int


def source_texts(
    sources: Iterable[QuoteSource], *, places: int, now: datetime, zone: ZoneInfo
) -> tuple[SourceText, ...]:
    """The sources in their order."""
    return tuple(_source(each, places=places, now=now, zone=zone) for each in sources)


def _source(each: QuoteSource, *, places: int, now: datetime, zone: ZoneInfo) -> SourceText:
    when, age = DASH, DASH
    if each.source_time is not None:
        when, age = exact_moment_text(each.source_time, now=now, zone=zone), age_text(now - each.source_time)
    elif each.day is not None:
        when, age = (
            phrase("close of {short_day_text}", short_day_text=short_day_text(each.day)),
            _days_text((now.astimezone(zone).date() - each.day).days),
        )
    return SourceText(
        name=each.name,
        title=each.title,
        use=each.use.value,
        is_in_use=each.use is SourceUse.IN_USE,
        quality="" if each.quality is None else each.quality.value,
        word=_word(each),
        price=price_text(each.price, places=places),
        when=when,
        age=age,
    )


def _word(each: QuoteSource) -> str:
    if each.quality is not None:
        return SPOKEN_QUALITIES[each.quality]
    if each.reason:
        return phrase("refuses: {reason}", reason=each.reason)
    return phrase("not asked yet") if each.state is None else STATES[each.state].word.lower()


def _days_text(days: int) -> str:
    return phrase("today") if days < 1 else counted_phrase("{count} day", "{count} days", days)


def actions_text(actions: Sequence[CorporateAction], *, today: date) -> ActionsText:
    """The newest first, those to come among them."""
    ordered = sorted(actions, key=lambda action: action.ex_date, reverse=True)
    rows = tuple(
        HappenedText(short_day_text(action.ex_date), said(action), action.ex_date > today)
        for action in ordered[:MOST_ACTIONS]
    )
    return ActionsText(rows, len(ordered) - len(rows))
