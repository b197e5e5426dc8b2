"""How Alpaca is reached, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import NO_DELAY, Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

BASIC_SYMBOLS = 30
"""How many symbols the free plan streams at once."""
BASIC_BUDGET = Budget(requests=200, period=timedelta(minutes=1))
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
        symbol_limit: what the plan allows; None for none.
        patience: how long no trade may come; IEX has quiet minutes even while it is open.
    """

    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    tape: Tape = Tape.IEX
    ws_url: str = "wss://stream.data.alpaca.markets/v2"
    http_url: str = "https://data.alpaca.markets"
    symbol_limit: int | None = BASIC_SYMBOLS
    budget: Budget = BASIC_BUDGET
    patience: timedelta = timedelta(seconds=60)

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
