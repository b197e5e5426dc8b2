"""What holds of every page that a person reaches, whatever was typed: axe finds nothing, nothing stands out at the side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.e2e.conftest import NewContext
from tests.e2e.every_page import crawl, name_of, outstanding
from tests.e2e.hostile_texts import handed_in, hostile_product, own_instrument, watch
from tests.e2e.portfolio_pages import Seeded, sign_in
from tests.security.least import MACHINE
from tests.security.routes import routes
from tests.security.rules import ADDRESSES

THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDE, NARROW = 1440, (390, 320)
NOT_BY_LINKS = {
    "account_inactive": "only who was shut out is led there",
    "account_confirm_email": "only with a mail server",
    "account_email_verification_sent": "only with a mail server",
    "account_reset_password_done": "only with a mail server",
    "account_reset_password_from_key": "only by a link that was mailed or printed",
    "account_reset_password_from_key_done": "only after that",
    "account_logout": "a form of the menu leads there; it would end the visit",
    "web:operator_instruments": "of live feeds",
    "web:allocation_proposal": "a part of the allocation page, which fetches it",
    "web:explanation_kept": "only once one was kept",
    "web:attachment": "a download, where a file was attached",
    "web:offline": "what the service worker keeps, and tests/e2e/test_offline_page.py looks at",
    "web:watch_button": "a part of other pages, which scripts ask for",
    "web:member_remove": "only where there is more than one owner, or somebody else to remove",
    "web:job": "how far an import is, which scripts ask for",
    "web:own_job": "the same of an import of everything",
    "web:token_revoke": "only where a token was made",
}
"""Pages that no link leads to here, with why."""


@pytest.fixture
def data() -> Iterator[Seeded]:
    with hostile_product() as data:
        yield data


def test_every_page_is_reached_fits_and_is_accessible(
    data: Seeded,
    new_context: NewContext,
    find_accessibility_problems: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    # Colours that are still on their way from one theme to the other would be taken for poor contrast.
    visitor, page = new_context(reduced_motion="reduce").new_page(), sign_in(new_context(reduced_motion="reduce"), data)
    batch = handed_in(page, data, tmp_path)
    watch(page, data)
    reached, problems = set(), []
    for who, starts in ((visitor, ()), (page, (batch, own_instrument(data)))):
        for address in crawl(who, data.product.origin, *starts):
            reached.add(name_of(address))
            for theme in THEMES:
                who.emulate_media(color_scheme=theme)
                problems += [f"{address}, {theme}: {found}" for found in find_accessibility_problems(who)]
            for width in (*NARROW, WIDE):
                who.set_viewport_size({"width": width, "height": 900})
                problems += [f"{address}, {width} px: {found} stands out" for found in outstanding(who)]
    assert problems == [], "\n".join(problems)
    assert pages() - reached == set(NOT_BY_LINKS)


def pages() -> set[str]:
    """The names of all pages that a member, an operator or a visitor may look at."""
    readable = {name for name, rule in ADDRESSES.items() if rule.get not in (None, MACHINE)}
    found = [route for route in routes() if route.pattern in readable and route.name.startswith(("web:", "account_"))]
    return {route.name for route in found if "." not in route.pattern.rsplit("/", 1)[-1]}
