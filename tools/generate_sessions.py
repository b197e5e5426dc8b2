"""Makes the session tables that ship with the product, and their list in docs/reference/exchanges.md.

By hand, once a year, and with an older pandas, as Athens and Bucharest need one:
``uv run --group calendars --with "pandas<3" python tools/generate_sessions.py``. It needs pandas_market_calendars and
exchange_calendars, which take over a second and tens of megabytes to import; hence tables, not a dependency.

A table is written only where it expands to exactly the sessions of the library, with the changes that are said here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import Session, days_between
from tickfolio.runtime.calendars import shipped_tables
from tickfolio.runtime.calendars.reading import CLOSED, WEEKDAYS, parse_calendar

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src/tickfolio/runtime/calendars/tables"
PAGE = ROOT / "docs/reference/exchanges.md"
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2028, 12, 31)
HEADING = "from,hours,days"
ENOUGH = 8
"""Of so many of the same weekday most have other hours from where a rule begins. No closure lasted so many weeks."""

type Times = dict[date, str]
"""The hours of the days with trading, as the tables have them."""


@dataclass(frozen=True, slots=True)
class Source:
    """An exchange in the library.

    Attributes:
        starts: the first day of which the library knows the holidays.
        expires: the last one: where holidays follow from rules or are known long before, the last day of all tables.
        calendar: its name in pandas_market_calendars; it is taken from exchange_calendars where none is given.
        days_of: another calendar of pandas_market_calendars that a day must be in too.
        hours: instead of the library's regular hours, from each day on.
        extended: before the opening from the first time, and after the close until the second; from `EXTENDED_FROM` on.
    """

    name: str
    zone: str
    starts: date = FIRST_DAY
    expires: date = LAST_DAY
    calendar: str = ""
    days_of: str = ""
    hours: Mapping[date, str] | None = None
    extended: tuple[str, str] | None = None


END_OF_2026 = date(2026, 12, 31)
EXTENDED_FROM = date(2020, 1, 1)
"""Of older days no hours before the opening and after the close are told."""
EARLY_POST_CLOSE = "17:00"
"""On days of an early close. **Source**: https://www.nyse.com/markets/hours-calendars"""
# **Source**: https://www.boerse-frankfurt.de/handeln/handelszeiten-und-kalender; the library has Xetra's hours.
FRANKFURT = {date(2011, 6, 1): "08:00-20:00", date(2021, 11, 29): "08:00-22:00"}

SOURCES = {
    "XNYS": Source("New York Stock Exchange", "America/New_York", calendar="NYSE", extended=("04:00", "20:00")),
    "OTCM": Source("OTC Markets", "America/New_York", calendar="NYSE"),
    "XTSE": Source("Toronto Stock Exchange", "America/Toronto"),
    "XMEX": Source("Mexican Stock Exchange", "America/Mexico_City"),
    "BVMF": Source("B3, São Paulo", "America/Sao_Paulo"),
    "XBUE": Source("Buenos Aires Stock Exchange", "America/Argentina/Buenos_Aires"),
    "XSGO": Source("Santiago Stock Exchange", "America/Santiago"),
    "XLIM": Source("Lima Stock Exchange", "America/Lima"),
    "XLON": Source("London Stock Exchange", "Europe/London"),
    "XDUB": Source("Euronext Dublin", "Europe/Dublin"),
    "XETR": Source("Xetra", "Europe/Berlin"),
    "XFRA": Source("Frankfurt Stock Exchange", "Europe/Berlin", hours=FRANKFURT),
    "XSTU": Source("Stuttgart Stock Exchange", "Europe/Berlin"),
    "XDUS": Source("Düsseldorf Stock Exchange", "Europe/Berlin"),
    "XHAM": Source("Hamburg Stock Exchange", "Europe/Berlin"),
    "XPAR": Source("Euronext Paris", "Europe/Paris"),
    "XAMS": Source("Euronext Amsterdam", "Europe/Amsterdam"),
    "XBRU": Source("Euronext Brussels", "Europe/Brussels"),
    "XLIS": Source("Euronext Lisbon", "Europe/Lisbon"),
    "XMIL": Source("Euronext Milan", "Europe/Rome"),
    "XOSL": Source("Oslo Stock Exchange", "Europe/Oslo"),
    "XLUX": Source("Luxembourg Stock Exchange", "Europe/Luxembourg"),
    "XMAD": Source("Madrid Stock Exchange", "Europe/Madrid"),
    "XSWX": Source("SIX Swiss Exchange", "Europe/Zurich"),
    "XWBO": Source("Vienna Stock Exchange", "Europe/Vienna"),
    "XSTO": Source("Nasdaq Stockholm", "Europe/Stockholm"),
    "XHEL": Source("Nasdaq Helsinki", "Europe/Helsinki"),
    "XCSE": Source("Nasdaq Copenhagen", "Europe/Copenhagen"),
    "XICE": Source("Nasdaq Iceland", "Atlantic/Reykjavik"),
    "XTAL": Source("Nasdaq Tallinn", "Europe/Tallinn"),
    "XRIS": Source("Nasdaq Riga", "Europe/Riga"),
    "XLIT": Source("Nasdaq Vilnius", "Europe/Vilnius"),
    "XWAR": Source("Warsaw Stock Exchange", "Europe/Warsaw"),
    "XPRA": Source("Prague Stock Exchange", "Europe/Prague"),
    "XBUD": Source("Budapest Stock Exchange", "Europe/Budapest"),
    "XBSE": Source("Bucharest Stock Exchange", "Europe/Bucharest"),
    "XBRA": Source("Bratislava Stock Exchange", "Europe/Bratislava"),
    "XLJU": Source("Ljubljana Stock Exchange", "Europe/Ljubljana"),
    "XZAG": Source("Zagreb Stock Exchange", "Europe/Zagreb"),
    "ASEX": Source("Athens Stock Exchange", "Europe/Athens"),
    "XIST": Source("Borsa Istanbul", "Europe/Istanbul"),
    # The library has all days without trading under one name and the right hours under another.
    "XTAE": Source(
        "Tel Aviv Stock Exchange",
        "Asia/Jerusalem",
        starts=date(2019, 1, 1),
        expires=date(2027, 12, 31),
        calendar="XTAE",
        days_of="TASE",
    ),
    "XSAU": Source("Saudi Exchange", "Asia/Riyadh", date(2021, 1, 1)),
    "XJSE": Source("Johannesburg Stock Exchange", "Africa/Johannesburg"),
    # Where holidays are published a year ahead, the library knows them no further.
    "XBOM": Source("BSE, Mumbai", "Asia/Kolkata", expires=END_OF_2026),
    "XSHG": Source("Shanghai Stock Exchange", "Asia/Shanghai", expires=END_OF_2026),
    "XTAI": Source("Taiwan Stock Exchange", "Asia/Taipei", expires=END_OF_2026),
    "XSES": Source("Singapore Exchange", "Asia/Singapore", expires=END_OF_2026),
    "XTKS": Source("Tokyo Stock Exchange", "Asia/Tokyo"),
    "XHKG": Source("Hong Kong Stock Exchange", "Asia/Hong_Kong"),
    "XKRX": Source("Korea Exchange", "Asia/Seoul"),
    "XKLS": Source("Bursa Malaysia", "Asia/Kuala_Lumpur"),
    "XBKK": Source("Stock Exchange of Thailand", "Asia/Bangkok"),
    "XASX": Source("Australian Securities Exchange", "Australia/Sydney"),
    "XNZE": Source("New Zealand Exchange", "Pacific/Auckland"),
}


def main() -> None:
    """Writes every table, and the list of them in the reference."""
    FOLDER.mkdir(exist_ok=True)
    for mic, source in SOURCES.items():
        zone = ZoneInfo(source.zone)
        sessions = told(mic, source)
        text = head_of(mic, source) + table_of(times_of(sessions, zone), starts=source.starts, expires=source.expires)
        made = parse_calendar(text, mic=mic).sessions
        if [session for session in made if session.day <= source.expires] != sessions:
            raise SystemExit(f"Expected a table of {mic} that expands to the library's sessions; it does not.")
        (FOLDER / f"{mic.lower()}.csv").write_text(text, encoding="utf-8")
        print(f"{mic}: {len(sessions)} sessions until {source.expires}, {len(text)} characters")
    shipped_tables.cache_clear()
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(PAGE_HEADING)
    PAGE.write_text(before + page_table(), encoding="utf-8")


# ---------- What the library says ----------


def told(mic: str, source: Source) -> list[Session]:
    """The library's sessions, with the changes that `source` names."""
    first, last = source.starts.isoformat(), source.expires.isoformat()
    if not source.calendar:
        schedule = import_module("exchange_calendars").get_calendar(mic, start=first, end=last).schedule
    else:
        others = import_module("pandas_market_calendars")
        schedule = others.get_calendar(source.calendar).schedule(first, last)
        schedule = schedule.rename(columns={"market_open": "open", "market_close": "close"})
        if source.days_of:
            schedule = schedule[schedule.index.isin(others.get_calendar(source.days_of).schedule(first, last).index)]
    return [changed(session_of(day.date(), row), source) for day, row in schedule.iterrows()]


def session_of(day: date, row: Mapping[str, datetime]) -> Session:
    """A line of the library's schedule."""
    opens_at, closes_at, start, end = row["open"], row["close"], row.get("break_start"), row.get("break_end")
    # On a day without a break the library has what is no time, which is not before anything.
    rests = start is not None and end is not None and start < end
    return Session(
        day=day,
        opens_at=_utc(opens_at),
        closes_at=_utc(closes_at),
        breaks=((_utc(start), _utc(end)),) if rests and start and end else (),
    )


def _utc(moment: datetime) -> datetime:
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)


def changed(session: Session, source: Source) -> Session:
    """The session with the hours that the library does not have, or has wrong."""
    zone = ZoneInfo(source.zone)

    def at(clock: str) -> datetime:
        return datetime.combine(session.day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)

    since = max((day for day in source.hours or {} if day <= session.day), default=None)
    is_regular = session.closes_at - session.opens_at >= timedelta(hours=8)
    if source.hours is not None and since is not None:
        opens, closes = source.hours[since].split("-")
        return Session(day=session.day, opens_at=at(opens), closes_at=at(closes) if is_regular else session.closes_at)
    if source.extended is None or session.day < EXTENDED_FROM:
        return session
    pre, post = source.extended
    is_early = session.closes_at < at("16:00")
    return Session(
        day=session.day,
        opens_at=session.opens_at,
        closes_at=session.closes_at,
        pre_opens_at=at(pre),
        post_closes_at=at(EARLY_POST_CLOSE if is_early else post),
    )


# ---------- From sessions to rules and exceptions ----------


def times_of(sessions: Iterable[Session], zone: ZoneInfo) -> Times:
    """The hours of each session by the exchange's clocks."""

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%H:%M}"

    times = {}
    for session in sessions:
        text = " ".join(f"{clock(start)}-{clock(end)}" for start, end in session.stretches)
        if session.pre_opens_at is not None and session.post_closes_at is not None:
            text = f"{clock(session.pre_opens_at)}/{text}/{clock(session.post_closes_at)}"
        times[session.day] = text
    return times


def head_of(mic: str, source: Source) -> str:
    """The comments above a table; after its expiry the rules go on until the last day of all tables."""
    made_with = ", ".join(f"{name} {version(name)}" for name in ("pandas_market_calendars", "exchange_calendars"))
    ends = f"# ends: {LAST_DAY}\n" if source.expires < LAST_DAY else ""
    return (
        f"# mic: {mic}\n# name: {source.name}\n# zone: {source.zone}\n# starts: {source.starts}\n"
        f"# expires: {source.expires}\n{ends}# made by tools/generate_sessions.py with {made_with}\n"
    )


def table_of(times: Times, *, starts: date, expires: date) -> str:
    """The heading and the lines: the regular hours, and the days that differ from them."""
    rules = {weekday: rules_of(weekday, times, starts, expires) for weekday in range(7)}
    lines = [HEADING]
    for since in era_days(rules):
        of_weekdays: dict[str, list[str]] = {}
        for weekday, changes in rules.items():
            hours = in_force(changes, since + timedelta(days=6))
            if hours is not None:
                of_weekdays.setdefault(hours, []).append(WEEKDAYS[weekday])
        lines += [f"{since},{hours},{' '.join(names)}" for hours, names in of_weekdays.items()]
    return "\n".join(lines + exceptions(times, "\n".join(lines), starts, expires)) + "\n"


def rules_of(weekday: int, times: Times, starts: date, expires: date) -> dict[date, str | None]:
    """The regular hours of a weekday, from each day on that they change; None where it is a day without trading."""
    days = [day for day in days_between(starts, expires) if day.weekday() == weekday]
    rules: dict[date, str | None] = {}
    now: str | None = None
    for index, day in enumerate(days):
        ahead = [times.get(each) for each in days[index : index + ENOUGH]]
        traded = [hours for each in days[index : index + 2 * ENOUGH] if (hours := times.get(each)) is not None]
        if not rules:
            now = rules[starts] = Counter(traded).most_common(1)[0][0] if len(traded) >= ENOUGH else None
        elif now is not None and len(ahead) == ENOUGH and set(ahead) == {None}:
            now = rules[day] = None
        elif (hours := times.get(day)) not in (None, now) and 4 * traded[:ENOUGH].count(str(hours)) >= 3 * ENOUGH:
            now = rules[day] = hours
    return rules


def in_force(changes: Mapping[date, str | None], day: date) -> str | None:
    """The hours of the last change until `day`."""
    return changes[max(since for since in changes if since <= day)]


def era_days(rules: Mapping[int, Mapping[date, str | None]]) -> Sequence[date]:
    """The first days of changes: those of the weekdays of one week are one."""
    days: list[date] = []
    for day in sorted({day for changes in rules.values() for day in changes}):
        if not days or day - days[-1] >= timedelta(days=7):
            days.append(day)
    return days


def exceptions(times: Times, rules: str, starts: date, expires: date) -> list[str]:
    """A line for each year and kind of day that the rules say wrongly."""
    head = f"# zone: UTC\n# starts: {starts}\n# expires: {expires}\n"
    regular = times_of(parse_calendar(f"{head}{rules}\n", mic="rules").sessions, ZoneInfo("UTC"))
    others: dict[tuple[int, str], list[str]] = {}
    for day in days_between(starts, expires):
        hours = times.get(day, CLOSED)
        if hours != regular.get(day, CLOSED):
            others.setdefault((day.year, hours), []).append(f"{day:%m-%d}")
    return [f"{year},{hours},{' '.join(days)}" for (year, hours), days in others.items()]


# ---------- The page ----------

PAGE_HEADING = "| MIC | exchange | zone | hours | known from | known until |\n"


def page_table() -> str:
    """The list of the tables, as the reference shows it."""
    rows = [
        f"| {', '.join(f'`{mic}`' for mic in table.mics)} | {table.head.name} | {table.head.zone} | "
        f"{table.hours} | {table.head.starts} | {table.head.expires} |\n"
        for table in shipped_tables().values()
    ]
    return PAGE_HEADING + "| --- | --- | --- | --- | --- | --- |\n" + "".join(rows)


if __name__ == "__main__":
    main()
