"""The European Central Bank's files of rates, and Frankfurter's answers from the same rates; neither has a socket."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from websockets.datastructures import Headers

from tests.feeds.emulators.emulator import Answer, Client, Emulator, Frame, Listed
from tickfolio.feeds.real_time import SystemTime

type RatesByDay = dict[date, dict[str, str]]

TODAY = date(2026, 11, 27)


class ThatEvening(SystemTime):
    """The evening of `TODAY`, when its rates are out."""

    def utc_now(self) -> datetime:
        """Always the same moment."""
        return datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


def working_days(count: int) -> RatesByDay:
    """Rates of the last working days until today; each day's dollar is its own."""
    days: RatesByDay = {}
    day = TODAY
    while len(days) < count:
        if day.weekday() < 5:
            days[day] = {"USD": f"1.{1000 + len(days)}", "BGN": "N/A" if day.year == 2026 else "1.9558"}
        day -= timedelta(days=1)
    return days


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
    'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">'
    "<gesmes:subject>Reference rates</gesmes:subject>"
    "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender><Cube>"
)


def xml_of(days: RatesByDay) -> bytes:
    """The bank's XML, the newest day first."""
    cubes = []
    for day in sorted(days, reverse=True):
        rates = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in days[day].items())
        cubes.append(f"<Cube time='{day}'>{rates}</Cube>")
    return f"{_HEAD}{''.join(cubes)}</Cube></gesmes:Envelope>".encode()


def zip_of(days: RatesByDay) -> bytes:
    """The bank's archive of everything, the newest line first."""
    codes = sorted({code for rates in days.values() for code in rates})
    newest_first = sorted(days, reverse=True)
    lines = [f"{day},{','.join(days[day].get(code, 'N/A') for code in codes)},\n" for day in newest_first]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", f"Date,{','.join(codes)},\n{''.join(lines)}")
    return packed.getvalue()


class _WithoutSocket(Emulator):
    def __init__(self, days: RatesByDay) -> None:
        super().__init__()
        self.days = days

    def tick_frame(self, listed: Listed, client: Client) -> Frame:
        raise NotImplementedError

    async def heard(self, client: Client, message: Frame) -> None:
        raise NotImplementedError


class EcbEmulator(_WithoutSocket):
    """The bank: `days` are all that it ever published."""

    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        newest = max(self.days)
        match path.removeprefix("/stats/eurofxref"):
            case "/eurofxref-daily.xml":
                return Answer(xml_of({newest: self.days[newest]}), content_type="text/xml")
            case "/eurofxref-hist-90d.xml":
                since = newest - timedelta(days=90)
                recent = {day: rates for day, rates in self.days.items() if day > since}
                return Answer(xml_of(recent), content_type="text/xml")
            case "/eurofxref-hist.zip":
                return Answer(zip_of(self.days), content_type="application/zip")
            case _:
                return Answer(b"Not Found", 404, "text/html")


class FrankfurterEmulator(_WithoutSocket):
    """Frankfurter's version 1."""

    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        first, last = (date.fromisoformat(text) for text in path.removeprefix("/v1/").split(".."))
        # As the service does: from the last working day before, where the first one has no rates.
        first = max((day for day in self.days if day <= first), default=first)
        days = {day: rates for day, rates in sorted(self.days.items()) if first <= day <= last}
        if not days:
            return Answer(b'{"message":"not found"}', 404)
        rates = ",".join(
            f'"{day}":{{{",".join(f"{json.dumps(code)}:{rate}" for code, rate in rates.items() if rate != "N/A")}}}'
            for day, rates in days.items()
        )
        body = f'{{"amount":1.0,"base":"EUR","start_date":"{min(days)}","end_date":"{max(days)}","rates":{{{rates}}}}}'
        return Answer(body.encode())
