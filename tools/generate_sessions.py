"""Makes the session tables that ship with the product.

By hand, once a year: ``uv run --group calendars python tools/generate_sessions.py``. It needs pandas_market_calendars,
which takes over a second and tens of megabytes to import; hence a table, not a dependency.
"""

from __future__ import annotations

from datetime import UTC, date
from importlib.metadata import version
from pathlib import Path

import pandas_market_calendars

FOLDER = Path(__file__).resolve().parent.parent / "src/tickfolio/runtime/calendars"
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2028, 12, 31)


def main() -> None:
    """Writes the table of the New York Stock Exchange, which Nasdaq shares."""
    schedule = pandas_market_calendars.get_calendar("NYSE").schedule(FIRST_DAY.isoformat(), LAST_DAY.isoformat())
    lines = [
        "# mic: XNYS",
        "# zone: America/New_York",
        f"# expires: {LAST_DAY}",
        f"# made by tools/generate_sessions.py with pandas_market_calendars {version('pandas_market_calendars')}",
        "day,opens_at,closes_at",
    ]
    for day, row in schedule.iterrows():
        opens_at, closes_at = (row[name].astimezone(UTC) for name in ("market_open", "market_close"))
        lines.append(f"{day.date()},{opens_at:%Y-%m-%dT%H:%MZ},{closes_at:%Y-%m-%dT%H:%MZ}")
    target = FOLDER / "xnys.csv"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target}: {len(schedule)} sessions until {LAST_DAY}")


if __name__ == "__main__":
    main()
