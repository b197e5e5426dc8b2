"""The tables. Imported directly only by `persistence` and `services`; everyone else gets frozen read models."""

from tickfolio.persistence.models.actions import ActionDismissal
from tickfolio.persistence.models.attachments import Attachment
from tickfolio.persistence.models.explanations import KeptExplanation
from tickfolio.persistence.models.feeds import (
    Backfill,
    DailyBarFact,
    FeedCondition,
    FeedEvent,
    FeedGateState,
    HeldPriceRecord,
    PublishedRateFact,
)
from tickfolio.persistence.models.imports import ImportBatch, ImportFile, ImportRow
from tickfolio.persistence.models.instance import InstanceFacts, Lease, MarketClockPosition
from tickfolio.persistence.models.jobs import JobNote
from tickfolio.persistence.models.ledger import LedgerTransaction, OutboxEntry, TransactionVersion
from tickfolio.persistence.models.manual_prices import ManualPrice
from tickfolio.persistence.models.market import (
    CorporateActionFact,
    FormerSymbol,
    InstrumentRecord,
    IntradayBar,
    LatestQuote,
)
from tickfolio.persistence.models.notes import InstrumentNote
from tickfolio.persistence.models.performance import DailySeries, DailyValue, FlowValuation
from tickfolio.persistence.models.portfolios import (
    Account,
    AllocationTargets,
    InstrumentClassification,
    Membership,
    Portfolio,
    PrivateInstrument,
)
from tickfolio.persistence.models.requests import IdempotencyKey
from tickfolio.persistence.models.watchlists import Watchlist

__all__ = [
    "Account",
    "ActionDismissal",
    "AllocationTargets",
    "Attachment",
    "Backfill",
    "CorporateActionFact",
    "DailyBarFact",
    "DailySeries",
    "DailyValue",
    "FeedCondition",
    "FeedEvent",
    "FeedGateState",
    "FlowValuation",
    "FormerSymbol",
    "HeldPriceRecord",
    "IdempotencyKey",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "InstanceFacts",
    "InstrumentClassification",
    "InstrumentNote",
    "InstrumentRecord",
    "IntradayBar",
    "JobNote",
    "KeptExplanation",
    "LatestQuote",
    "Lease",
    "LedgerTransaction",
    "ManualPrice",
    "MarketClockPosition",
    "Membership",
    "OutboxEntry",
    "Portfolio",
    "PrivateInstrument",
    "PublishedRateFact",
    "TransactionVersion",
    "Watchlist",
]
