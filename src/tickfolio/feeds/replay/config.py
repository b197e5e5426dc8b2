"""What a person can choose about the replay, and how it is spelt on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.money import decimal_places, parse_decimal
from tickfolio.errors import InvalidNumber, InvalidValue

NEW_YORK = ZoneInfo("America/New_York")
DEFAULT_SEED = 1
DEFAULT_SPEED = Decimal(20)
# The second session of the youngest share, so that every share has a previous close.
DEFAULT_START = datetime(2012, 5, 21, 10, 0, tzinfo=NEW_YORK).astimezone(UTC)
MAX_SPEED = 100_000
SPEED_PLACES = 3
_OPENING = time(9, 30)


@dataclass(frozen=True, slots=True)
class ReplayConfig:
    """The choices of a replay.

    Attributes:
        seed: the same seed gives the same prices, on every machine.
        speed: market seconds that pass in a real second of a session, above 0, at most 100,000, at most 3 places.
        start: the moment of the market at which each run begins (UTC).
    """

    seed: int = DEFAULT_SEED
    speed: Decimal = DEFAULT_SPEED
    start: datetime = DEFAULT_START

    def __post_init__(self) -> None:
        if not self.speed.is_finite() or not 0 < self.speed <= MAX_SPEED:
            raise InvalidNumber(f"Expected a speed above 0 and at most {MAX_SPEED}, was {self.speed}.")
        if self.speed != round(self.speed, SPEED_PLACES):
            raise InvalidNumber(f"Expected a speed of at most {SPEED_PLACES} decimal places, was {self.speed}.")
        if self.start.utcoffset() is None:
            raise InvalidValue(f"Expected a start with a time zone, was {self.start!r}.")

    @property
    def speed_thousandths(self) -> int:
        """The speed in thousandths, an exact integer."""
        return int(self.speed * 1000)


def parse_speed(text: str) -> Decimal:
    """The speed that `text` spells: ``20``, ``0.5`` or ``20x``; its bounds are `ReplayConfig`'s to check.

    Raises:
        InvalidNumber: `text` is no plain number or has more than 3 decimal places.

    >>> parse_speed("20x")
    Decimal('20')
    """
    try:
        speed = parse_decimal(text.strip().removesuffix("x").removesuffix("×"))
    except InvalidNumber as error:
        raise InvalidNumber(f"Expected a speed such as 20 or 0.5, was {text[:40]!r}.") from error
    if decimal_places(speed) > SPEED_PLACES:
        raise InvalidNumber(f"Expected a speed of at most {SPEED_PLACES} decimal places, was {text[:40]!r}.")
    return speed


def replay_speed(text: str) -> Decimal:
    """The speed that `text` spells, within the bounds of a replay.

    Raises:
        InvalidNumber: it is none, or out of bounds.

    >>> replay_speed("0.5")
    Decimal('0.5')
    """
    return ReplayConfig(speed=parse_speed(text)).speed


def parse_start(text: str) -> datetime:
    """The moment (UTC) that `text` spells in New York's time: a day and a time, or a day alone for 09:30 of it.

    A time with an offset from UTC, such as ``2012-05-21T14:00Z``, is taken as it says.

    Raises:
        InvalidValue: `text` is neither.

    >>> parse_start("2012-05-21T10:00"), parse_start("2012-05-21") == parse_start("2012-05-21T09:30")
    (datetime.datetime(2012, 5, 21, 14, 0, tzinfo=datetime.timezone.utc), True)
    """
    try:
        moment = _moment(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=NEW_YORK)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(f"Expected a start such as 2012-05-21 or 2012-05-21T10:00, was {text[:40]!r}.") from error


def _moment(text: str) -> datetime:
    if len(text) == len("2012-05-21"):
        return datetime.combine(date.fromisoformat(text), _OPENING)
    return datetime.fromisoformat(text)
