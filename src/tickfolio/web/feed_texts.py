"""How the feeds do, in words: the operator's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.ecb.history import DoubtedRate
from tickfolio.feeds.feed import Capabilities, FeedReport, Operation
from tickfolio.services.feed_overview import FeedOverview, FeedSeen
from tickfolio.web.ages import age_text, moment_text
from tickfolio.web.figures import DASH, count_text, price_text
from tickfolio.web.held_price_texts import EventText, HeldText, event_text, held_text
from tickfolio.web.history_progress_texts import HistoriesText, histories_text
from tickfolio.web.sentences import begun
from tickfolio.web.stock_texts import day_text
from tickfolio.words import marked_phrase, phrase

MOST_REFUSED = 200


@dataclass(frozen=True, slots=True)
class StateText:
    """A state in a word, with what it means, the mark before it, and its tone: ``accent``, ``warn``, ``fault`` or empty."""

    word: str
    meaning: str
    shape: str
    tone: str = ""


STATES = {
    FeedState.CONNECTING: StateText(
        marked_phrase("Connecting"), marked_phrase("The first connection is being made."), "connecting"
    ),
    FeedState.LIVE: StateText(marked_phrase("Live"), marked_phrase("Prices come as they are made."), "live", "accent"),
    FeedState.QUIET: StateText(
        marked_phrase("Quiet"), marked_phrase("Connected, and no price is expected now."), "closed"
    ),
    FeedState.STALE: StateText(
        marked_phrase("Stale"), marked_phrase("No price comes although a market is open."), "stale", "warn"
    ),
    FeedState.RECONNECTING: StateText(
        marked_phrase("Reconnecting"), marked_phrase("The connection is lost and tried again."), "offline", "warn"
    ),
    FeedState.REJECTED: StateText(
        marked_phrase("Rejected"), marked_phrase("The vendor refuses, and is not asked again."), "unpriced", "fault"
    ),
    FeedState.STOPPED: StateText(marked_phrase("Stopped"), marked_phrase("It was stopped with the server."), "closed"),
}
UNHEARD = StateText(marked_phrase("Unknown"), "", "offline", "warn")
"""The last word is too old to say how the feed does now."""
OPERATIONS = {
    Operation.STREAM: marked_phrase("a stream of prices"),
    Operation.SNAPSHOT: marked_phrase("the latest price"),
    Operation.INSTRUMENT: marked_phrase("what an instrument is"),
    Operation.SEARCH: "a search",
    Operation.HISTORY: marked_phrase("finished days"),
    Operation.CORPORATE_ACTIONS: marked_phrase("dividends and splits"),
    Operation.EXCHANGE_RATES: marked_phrase("exchange rates"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a card; `parts` are what it is made of."""

    name: str
    text: str
    note: str = ""
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedText:
    """A feed's card.

    Attributes:
        message: what the feed says of its state, or else what the state means, in a sentence.
        refused: symbols that the vendor will not stream, each with the reason, `MOST_REFUSED` at most.
        offers: what it can be asked for, in a sentence; empty where that is not known, as are the terms.
    """

    name: str
    title: str
    state: StateText
    message: str
    facts: tuple[Fact, ...]
    has_stream: bool
    refused: tuple[tuple[str, str], ...]
    refused_count: str
    unlisted: str
    offers: str
    terms: str


@dataclass(frozen=True, slots=True)
class OverviewText:
    """The page.

    Attributes:
        age: how old the last report is; empty where there never was one.
        silence: what to say where no engine reports; empty where one does.
        sums: what stands above all.
        rates: the exchange rates that are held back: of which currency, and what is said of it.
    """

    age: str
    silence: str
    sums: tuple[Fact, ...]
    feeds: tuple[FeedText, ...]
    held: tuple[HeldText, ...]
    events: tuple[EventText, ...]
    calendars: tuple[tuple[str, str], ...]
    histories: HistoriesText | None
    rates: tuple[tuple[str, str], ...]


def overview_text(found: FeedOverview, *, zone: ZoneInfo) -> OverviewText:
    """All that the page says; moments are told in `zone`."""
    reported = found.reported_at
    age = "" if reported is None else age_text(found.at - reported)
    return OverviewText(
        age=age,
        silence=_silence(found, age),
        sums=tuple(_sums(found)),
        feeds=tuple(_feed(seen, found, zone) for seen in found.feeds),
        held=tuple(held_text(each, at=found.at, zone=zone) for each in found.held),
        events=tuple(event_text(each, at=found.at, zone=zone) for each in found.events),
        calendars=_calendars(found),
        histories=None if found.histories is None else histories_text(found.histories, at=found.at, zone=zone),
        rates=() if found.rates is None else tuple(_doubted_rate(each) for each in found.rates.doubted),
    )


def _silence(found: FeedOverview, age: str) -> str:
    if found.is_replay or found.is_reported:
        return ""
    if not age:
        return phrase("No engine has reported yet. It does so within seconds of the start of the server.")
    return phrase(
        "No engine has reported for {age}: what stands here is from then. Is the server running, and its database writable?",
        age=age,
    )


def _sums(found: FeedOverview) -> Iterator[Fact]:
    reports = [seen.report for seen in found.feeds]
    live = sum(report.state in (FeedState.LIVE, FeedState.QUIET) for report in reports) if found.is_reported else 0
    data = [report.last_data_at for report in reports if report.last_data_at is not None]
    yield Fact(phrase("Feeds that do well"), phrase("{live} of {reports}", live=live, reports=len(reports)))
    yield Fact(phrase("Last price"), phrase("{age} ago", age=age_text(found.at - max(data))) if data else DASH)
    yield Fact(phrase("Symbols streamed"), count_text(sum(report.wanted for report in reports)))
    yield Fact(phrase("Symbols refused"), count_text(sum(len(report.refused) for report in reports)))
    yield Fact(phrase("Prices held back"), count_text(len(found.held)))
    if found.rates is not None:
        yield Fact(phrase("Exchange rates"), day_text(found.rates.day))


def _feed(seen: FeedSeen, found: FeedOverview, zone: ZoneInfo) -> FeedText:
    report, described = seen.report, seen.description
    refused = tuple(sorted(report.refused.items()))
    unlisted = len(refused) - MOST_REFUSED
    return FeedText(
        name=report.name,
        title=described.title if described is not None else report.name,
        state=STATES[report.state] if found.is_reported else UNHEARD,
        message=_message(report, is_past=not found.is_reported),
        facts=tuple(_facts(seen, at=found.at, zone=zone)),
        has_stream=_has_stream(seen),
        refused=refused[:MOST_REFUSED],
        refused_count=count_text(len(refused)),
        unlisted=phrase("and {count_text} more", count_text=count_text(unlisted)) if unlisted > 0 else "",
        offers="" if described is None else _offers(described.capabilities),
        terms="" if described is None else described.capabilities.terms,
    )


def _message(report: FeedReport, *, is_past: bool) -> str:
    said = begun(report.message) or STATES[report.state].meaning
    said = said if said.endswith((".", "!", "?")) else f"{said}."
    return (
        phrase("Last seen {lower}. {said}", lower=STATES[report.state].word.lower(), said=said).strip()
        if is_past
        else said
    )


def _facts(seen: FeedSeen, *, at: datetime, zone: ZoneInfo) -> Iterator[Fact]:
    report = seen.report
    yield Fact(phrase("Since"), moment_text(report.since, now=at, zone=zone), age_text(at - report.since))
    if _has_stream(seen):
        yield from _stream_facts(report, at=at, zone=zone)
    for host, left in sorted(report.budget.items()):
        yield _host(report, host, left, at=at, zone=zone)


def _has_stream(seen: FeedSeen) -> bool:
    return seen.description is None or seen.description.capabilities.can(Operation.STREAM)


def _stream_facts(report: FeedReport, *, at: datetime, zone: ZoneInfo) -> Iterator[Fact]:
    last = report.last_data_at
    yield Fact(
        phrase("Last price"),
        DASH if last is None else phrase("{age} ago", age=age_text(at - last)),
        phrase("none yet") if last is None else moment_text(last, now=at, zone=zone),
    )
    yield Fact(phrase("Symbols streamed"), count_text(report.wanted))
    yield Fact(phrase("Prices received"), count_text(report.quotes))
    kept_out = tuple((reason, count_text(count)) for reason, count in sorted(report.kept_out.items()))
    yield Fact(phrase("Kept out at the door"), count_text(sum(report.kept_out.values())), parts=kept_out)
    yield Fact(phrase("Ahead of our clock"), count_text(report.clamped))
    held = tuple((doubt, count_text(count)) for doubt, count in sorted(report.held.items()))
    yield Fact(phrase("Held back"), count_text(sum(report.held.values())), parts=held)
    yield Fact(phrase("Errors"), count_text(report.errors))
    yield Fact(phrase("Reconnects"), count_text(report.reconnects))


def _host(report: FeedReport, host: str, left: int, *, at: datetime, zone: ZoneInfo) -> Fact:
    until = report.paused_until.get(host)
    if until is not None and until > at:
        return Fact(
            phrase("Left alone: {host}", host=host),
            phrase("until {moment_text}", moment_text=moment_text(until, now=at, zone=zone)),
            age_text(until - at),
        )
    return Fact(phrase("Requests left: {host}", host=host), count_text(left))


def _offers(offered: Capabilities) -> str:
    can = [words for operation, words in OPERATIONS.items() if offered.can(operation)]
    listed = phrase("{listed} and {last}", listed=", ".join(can[:-1]), last=can[-1]) if len(can) > 1 else "".join(can)
    parts = [phrase("Offers {listed}", listed=listed) if listed else phrase("Answers no questions and has no stream")]
    if offered.symbol_limit is not None:
        parts.append(phrase("at most {count_text} symbols at once", count_text=count_text(offered.symbol_limit)))
    if offered.delay:
        parts.append(phrase("prices {age_text} old", age_text=age_text(offered.delay)))
    if offered.needs_key:
        parts.append(phrase("by a key"))
    return f"{'; '.join(parts)}."


def _doubted_rate(doubted: DoubtedRate) -> tuple[str, str]:
    said, believed = (price_text(rate, places=4) for rate in (doubted.rate, doubted.believed))
    return str(doubted.currency), phrase(
        "{said} for 1 EUR on {day_text}; {believed} stays in force",
        said=said,
        day_text=day_text(doubted.day),
        believed=believed,
    )


def _calendars(found: FeedOverview) -> tuple[tuple[str, str], ...]:
    """Exchanges with the last day that is known of them, those that end first before."""
    ending = sorted(found.calendars.items(), key=lambda each: (each[1], each[0]))
    return tuple((mic, day_text(day)) for mic, day in ending)
