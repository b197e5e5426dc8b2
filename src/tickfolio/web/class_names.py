"""What the classes of instruments are called on pages; the same names stand in frontend/src/cells/class_names.ts."""

from __future__ import annotations

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.words import marked_phrase

CLASS_NAMES = {
    "equity": marked_phrase("Shares"),
    "fund": marked_phrase("Funds"),
    "bond": marked_phrase("Bonds"),
    "option": marked_phrase("Options"),
    "crypto": marked_phrase("Crypto"),
    "commodity": marked_phrase("Commodities"),
    "other": marked_phrase("Other"),
    "cash": marked_phrase("Cash"),
}

CLASS_CHOICES = [
    (InstrumentClass.EQUITY.value, marked_phrase("Share")),
    (InstrumentClass.FUND.value, marked_phrase("Fund")),
    (InstrumentClass.BOND.value, marked_phrase("Bond")),
    (InstrumentClass.OPTION.value, marked_phrase("Option")),
    (InstrumentClass.CRYPTO.value, marked_phrase("Crypto")),
    (InstrumentClass.COMMODITY.value, marked_phrase("Commodity")),
    (InstrumentClass.OTHER.value, marked_phrase("Other")),
]
"""What one instrument can be, as a form offers it."""
