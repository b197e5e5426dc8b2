"""The manual feed: a live instance without a vendor, whose prices are typed by hand."""

from __future__ import annotations

from tickfolio.feeds.manual.config import CAPABILITIES
from tickfolio.feeds.vendor import Surroundings, VendorFeed


class ManualFeed(VendorFeed):
    """Streams nothing and answers nothing; typed prices belong to their portfolios and never pass through a feed."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(name="manual", capabilities=CAPABILITIES, surroundings=surroundings)
