"""The invented instruments. Each symbol begins with SIM and each name says that it is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.calendars import CONTINUOUS
from tickfolio.domain.instruments import Instrument, InstrumentClass, Publication, Symbol
from tickfolio.domain.money import Currency, decimal_places


@dataclass(frozen=True, slots=True)
class Simulated:
    """An invented instrument and how its price moves.

    Attributes:
        base: the price that it comes back to in the long run, before any split, in its quote unit.
        daily: the standard deviation of a day's change, in hundredths of a percent.
        split: new units for old ones; None where it never splits.
        dividend: a quarter's, in its quote unit and before any split; 0 for none.
    """

    instrument: Instrument
    base: Decimal
    daily: int
    split: tuple[int, int] | None = None
    dividend: Decimal = Decimal(0)

    @property
    def is_continuous(self) -> bool:
        """Whether it is traded without a pause."""
        return self.instrument.mic == CONTINUOUS


_TABLE = """
symbol        mic   currency base     daily kind    unit split dividend
SIMALDER      XNAS  USD      182.50   160   share   1    2:1   0.24
SIMBIRCH      XNYS  USD      64.10    120   share   1    -     0.51
SIMCEDAR      XNAS  USD      412.00   220   share   1    4:1   0
SIMDOGWOOD    XNYS  USD      23.40    190   share   1    3:2   0.08
SIMELM        XNAS  USD      7.85     350   share   1    1:10  0
SIMFIR        XNYS  USD      98.00    90    fund    1    -     0.35
SIMGORSE      XLON  GBP      1284.5   140   share   100  -     11.2
SIMHAZEL      XLON  GBP      87.60    170   share   100  1:5   0
SIMIVY        XLON  GBP      3120     110   share   100  -     24
SIMJUNIPER    XETR  EUR      54.20    150   share   1    -     0.30
SIMKAPOK      XETR  EUR      131.00   180   share   1    3:1   0
SIMLARCH      XETR  EUR      88.00    80    fund    1    -     0
SIMMAPLE      XTKS  JPY      2450     160   share   1    -     20
SIMNUTMEG     XTKS  JPY      815      210   share   1    2:1   0
SIMOAK        XSWX  CHF      96.40    100   share   1    -     0.75
SIMPINE       XTSE  CAD      44.00    130   share   1    -     0.40
SIMROWAN      XETR  EUR      104.27   70    nav     1    -     0
SIMSPRUCE     XNYS  USD      27.13    60    nav     1    -     0
SIMCOIN-USD   24/7  USD      61000.00 380   crypto  1    -     0
SIMTOKEN-USD  24/7  USD      2.4000   520   crypto  1    -     0
"""
_KINDS = {
    "share": InstrumentClass.EQUITY,
    "fund": InstrumentClass.FUND,
    "nav": InstrumentClass.FUND,
    "crypto": InstrumentClass.CRYPTO,
}


def _read(line: str) -> Simulated:
    symbol, mic, currency, base, daily, kind, unit, split, dividend = line.split()
    instrument = Instrument(
        symbol=Symbol(symbol),
        name=f"Simulated {symbol.removeprefix('SIM').partition('-')[0].capitalize()}",
        mic=mic,
        currency=Currency(currency),
        instrument_class=_KINDS[kind],
        price_places=decimal_places(Decimal(base)),
        quote_unit=Decimal(unit),
        publication=Publication.DAILY if kind == "nav" else Publication.TICK,
    )
    new, _, old = split.partition(":")
    ratio = (int(new), int(old)) if old else None
    return Simulated(instrument, Decimal(base), int(daily), ratio, Decimal(dividend))


INSTRUMENTS = {one.instrument.symbol: one for one in map(_read, _TABLE.split("\n")[2:-1])}
