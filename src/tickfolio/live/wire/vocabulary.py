"""The words that the messages of ``tickfolio.v1`` are made of.

**Source**: docs/reference/live-protocol.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

SUBPROTOCOL = "tickfolio.v1"
QUOTES = "quotes"
PORTFOLIO = "portfolio:"
"""What the scope of a portfolio begins with; its id follows."""
IN = "@"
"""What may follow an id: with a currency behind it, the same portfolio as if that were its base currency."""

type QuoteScope = Literal["quotes"]
type Scope = Annotated[str, msgspec.Meta(pattern="^(quotes|portfolio:[0-9a-f-]{36}(@[A-Z]{3})?)$")]
type Decimals = str
type Moment = str
type FeedStateName = Literal["connecting", "live", "quiet", "stale", "reconnecting", "rejected", "stopped"]
type QualityName = Literal["live", "replay", "delayed", "simulated", "closed", "stale", "manual", "unpriced"]
type SessionName = Literal["pre", "regular", "post", "closed", "continuous"]
type ErrorCode = Literal[
    "not_json",
    "binary",
    "missing_symbol",
    "invalid_symbol",
    "unknown_symbol",
    "feed_unavailable",
    "message_too_large",
    "invalid_message",
    "expected_hello",
    "invalid_token",
    "too_many_messages",
    "too_many_symbols",
    "unknown_portfolio",
    "too_many_portfolios",
    "portfolio_unavailable",
]
type RoleName = Literal["owner", "editor", "viewer"]
type RowKind = Literal["holding", "cash", "receivable"]
type PortfoliosStateName = Literal["current", "behind", "withheld"]
type EventKind = Literal[
    "transaction_added",
    "transaction_edited",
    "transaction_deleted",
    "import_booked",
    "import_undone",
    "portfolio_changed",
    "access_changed",
]


class Stamps(msgspec.Struct, frozen=True):
    """Of the frame's newest quote: when the market made it, when the server got it; and when the frame was sent.

    `source` is of the market clock; `received` and `sent` are of the real one, so that a page can measure tick-to-pixel time.
    """

    source: Moment | None
    received: Moment | None
    sent: Moment


def portfolio_id(portfolio: str) -> str:
    """The id of what is watched: a portfolio, or one in another currency.

    >>> portfolio_id("6f1c@EUR"), portfolio_id("6f1c")
    ('6f1c', '6f1c')
    """
    return portfolio.partition(IN)[0]


def portfolio_currency(portfolio: str) -> str:
    """The other currency that what is watched is in; empty where it is in its own."""
    return portfolio.partition(IN)[2]
