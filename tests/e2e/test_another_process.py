"""What another process writes wakes nobody, and still reaches every page: the engine looks at the database itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.e2e.test_signing_out import heard, opened
from tests.servers.product import Product
from tests.servers.visitor import Visitor

HANG_SECONDS = 60.0
MOST_SECONDS = 6.0
"""Five until the next look at the database, and one for all the rest; a machine that is busy is not held to it."""
NAMES = {"Long term 2", "Trading 2"}
RENAME = """
import django
django.setup()
from tickfolio.persistence.tenancy import System
from tickfolio.services import portfolios
for one in portfolios.portfolios_of(actor=System("another process")):
    portfolios.portfolio_update(
        actor=System("another process"), portfolio_id=one.id, name=one.name + " 2", base_currency=one.base_currency
    )
"""


def test_what_another_process_books_reaches_the_page_within_seconds(
    start_product: Callable[..., Product], is_long_run: bool
) -> None:
    product = start_product("--speed", "60")
    with opened(Visitor(product).open_demo()) as client:
        while heard(client)["type"] != "portfolio_delta":
            pass
        environment = {
            **product.environment,
            "TICKFOLIO_DATA": str(product.data),
            "DJANGO_SETTINGS_MODULE": "tickfolio.config.settings",
        }
        subprocess.run([sys.executable, "-c", RENAME], env=environment, check=True, timeout=60)
        booked_at = time.monotonic()
        found: dict[str, Any] = {}
        # The two names are written one after the other, and may be told so.
        while {"event", "access"} - found.keys() or {one["name"] for one in found["access"]["portfolios"]} != NAMES:
            assert time.monotonic() - booked_at < HANG_SECONDS
            message = heard(client)
            found[message["type"]] = message
        assert not is_long_run or time.monotonic() - booked_at < MOST_SECONDS
        assert found["event"]["kind"] == "portfolio_changed"
        assert json.dumps(found["access"]).count("owner") == 2
