"""The tables. Imported directly only by `persistence` and `services`; everyone else gets frozen read models."""

from tickfolio.persistence.models.explanations import KeptExplanation
from tickfolio.persistence.models.imports import ImportBatch, ImportRow
from tickfolio.persistence.models.instance import InstanceFacts, MarketClockPosition
from tickfolio.persistence.models.ledger import LedgerTransaction, OutboxEntry, TransactionVersion
from tickfolio.persistence.models.market import CorporateActionFact, InstrumentRecord, IntradayBar, LatestQuote
from tickfolio.persistence.models.performance import DailySeries, DailyValue, FlowValuation
from tickfolio.persistence.models.portfolios import Account, Membership, Portfolio, PrivateInstrument
from tickfolio.persistence.models.requests import IdempotencyKey

__all__ = [
    "Account",
    "CorporateActionFact",
    "DailySeries",
    "DailyValue",
    "FlowValuation",
    "IdempotencyKey",
    "ImportBatch",
    "ImportRow",
    "InstanceFacts",
    "InstrumentRecord",
    "IntradayBar",
    "KeptExplanation",
    "LatestQuote",
    "LedgerTransaction",
    "MarketClockPosition",
    "Membership",
    "OutboxEntry",
    "Portfolio",
    "PrivateInstrument",
    "TransactionVersion",
]
