"""What the classes of instruments are called on pages; the same names stand in frontend/src/cells/class_names.ts."""

from __future__ import annotations

CLASS_NAMES = {
    "equity": "Shares",
    "fund": "Funds",
    "bond": "Bonds",
    "option": "Options",
    "crypto": "Crypto",
    "commodity": "Commodities",
    "other": "Other",
    "cash": "Cash",
}
