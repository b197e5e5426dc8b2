"""The tables. Imported directly only by `persistence` and `services`; everyone else gets frozen read models."""

from tickfolio.persistence.models.instance import InstanceFacts, MarketClockPosition
from tickfolio.persistence.models.market import CorporateActionFact, InstrumentRecord, IntradayBar, LatestQuote

__all__ = [
    "CorporateActionFact",
    "InstanceFacts",
    "InstrumentRecord",
    "IntradayBar",
    "LatestQuote",
    "MarketClockPosition",
]
