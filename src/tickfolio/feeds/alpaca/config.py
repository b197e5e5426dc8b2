"""How Alpaca is reached, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import NO_DELAY, Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

BASIC_SYMBOLS = 30
"""How many symbols the free plan streams at once."""
BASIC_BUDGET = Budget(requests=200, period=timedelta(minutes=1))
TEST_TAPE = "test"
"""A stream of an invented share that Alpaca keeps open day and night."""
TERMS = (
    "Needs an account and its key. The free plan has real-time prices of one exchange only, IEX, which sees a few percent "
    "of American trading, and streams 30 symbols. The data are for the account's holder: do not show them to others."
)


class Tape(StrEnum):
    """Whose trades are streamed."""

    IEX = "iex"
    SIP = "sip"
    DELAYED_SIP = "delayed_sip"


@dataclass(frozen=True, slots=True)
class AlpacaConfig:
    """Addresses, key and plan.

    Attributes:
        tape: IEX alone (free), all American exchanges (paid), or those fifteen minutes late.
        symbol_limit: what the plan allows; None for none. The free plan has IEX and the late tape.
        patience: how long no trade may come while a market is open, before the prices count as stale.
        patience_to_reconnect: how long before the connection is made anew; IEX has quiet minutes even while it is open.
    """

    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    tape: Tape = Tape.IEX
    ws_url: str = "wss://stream.data.alpaca.markets/v2"
    http_url: str = "https://data.alpaca.markets"
    symbol_limit: int | None = BASIC_SYMBOLS
    budget: Budget = BASIC_BUDGET
    patience: timedelta = timedelta(seconds=30)
    patience_to_reconnect: timedelta = timedelta(seconds=60)

    @property
    def stream_url(self) -> str:
        """Where `tape` is streamed: `ws_url` may be the host alone, the folder of all tapes, or the tape itself."""
        base = self.ws_url.rstrip("/")
        last = urlsplit(base).path.rpartition("/")[2]
        if last in {*Tape, TEST_TAPE}:
            return base
        return f"{base}/{self.tape}" if last else f"{base}/v2/{self.tape}"

    def streaming(self, ws_url: str) -> AlpacaConfig:
        """The same with another address of the stream, which may name its tape: that of all exchanges, which is paid for, has no limit."""
        last = urlsplit(ws_url.rstrip("/")).path.rpartition("/")[2]
        if last not in set(Tape):
            return replace(self, ws_url=ws_url)
        tape = Tape(last)
        return replace(self, ws_url=ws_url, tape=tape, symbol_limit=None if tape is Tape.SIP else self.symbol_limit)

    @property
    def capabilities(self) -> Capabilities:
        """All but the search for instruments and exchange rates."""
        return Capabilities(
            operations=frozenset(
                {
                    Operation.STREAM,
                    Operation.SNAPSHOT,
                    Operation.INSTRUMENT,
                    Operation.HISTORY,
                    Operation.CORPORATE_ACTIONS,
                }
            ),
            classes=frozenset({InstrumentClass.EQUITY, InstrumentClass.FUND}),
            mics=frozenset({"XNYS", "XNAS", "XASE", "ARCX", "BATS"}),
            symbol_limit=self.symbol_limit,
            delay=timedelta(minutes=15) if self.tape is Tape.DELAYED_SIP else NO_DELAY,
            needs_key=True,
            terms=TERMS,
        )
