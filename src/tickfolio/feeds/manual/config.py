"""What the manual feed offers: nothing that a machine could be asked for."""

from __future__ import annotations

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.feeds.feed import Capabilities

CAPABILITIES = Capabilities(
    operations=frozenset(),
    classes=frozenset(InstrumentClass),
    terms="Prices are typed by the people who hold the instruments. Nothing leaves this machine.",
)
