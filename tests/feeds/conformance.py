"""What every feed must do, whoever the vendor is: subclass `FeedConformance` in a vendor's test, against its emulator."""

from __future__ import annotations

from tests.feeds.conformance_codec import CodecConformance
from tests.feeds.conformance_questions import QuestionsConformance
from tests.feeds.conformance_stream import StreamConformance
from tests.feeds.feed_under_test import Reader, quick_surroundings, symbols

__all__ = ["FeedConformance", "Reader", "quick_surroundings", "symbols"]


class FeedConformance(StreamConformance, QuestionsConformance, CodecConformance):
    """All of it."""
